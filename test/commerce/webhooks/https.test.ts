import { execFileSync, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest"
import { listDeliveries } from "../../../src/commerce/webhooks/index.ts"
import { until } from "../../support/http.ts"
import { happens, IMPATIENT, told, webhooksForFile } from "./shop.ts"

const shop = webhooksForFile()
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0
if (!hasOpenssl)
  process.stdout.write("  skipped: webhooks by HTTPS, since there is no openssl to make a certificate with\n")

let folder: string
let tls: { key: string; cert: string }
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "mostrador-tls-"))
  if (!hasOpenssl) return
  const [key, cert] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")]
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", cert]
  execFileSync("openssl", [...made, ...subject], { stdio: "ignore" })
  tls = { key: fs.readFileSync(key, "utf8"), cert: fs.readFileSync(cert, "utf8") }
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

it.skipIf(!hasOpenssl)("speaks to who has a certificate that is trusted, and to nobody else", async () => {
  const integrator = await shop.integrator(["*"], tls)
  const webhooks = await shop.open()
  await happens(shop.sql, "cart_1", 1)
  const log = async () => (await listDeliveries(shop.sql, integrator.id, {}, { limit: 1, offset: 0 })).rows[0]
  await until("it is refused", async () => (await log())?.attempts === 1)
  expect(await log()).toMatchObject({ error: "DEPTH_ZERO_SELF_SIGNED_CERT", response_status: null })
  expect([integrator.heard.length, integrator.forged]).toEqual([0, 0])
  await webhooks.close()

  // What is trusted is decided when a process starts.
  const script = path.join(import.meta.dirname, "webhooks-process.ts")
  const child = spawn(process.execPath, ["--import", "tsx", script, shop.url, JSON.stringify(IMPATIENT)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: path.join(folder, "cert.pem") },
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  await once(child.stdout, "data")
  await shop.timePasses()
  await shop.untilAllDelivered(1)
  expect(told(integrator.taken)).toEqual(["cart_1 1"])
})
