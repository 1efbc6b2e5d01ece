import { describe, expect, it } from "vitest"
import { checkUrl, type Reach } from "../../../src/commerce/webhooks/addresses.ts"
import { openSender } from "../../../src/commerce/webhooks/sending.ts"
import { newSecret } from "../../../src/commerce/webhooks/signing.ts"
import { openReceiver } from "./receiver.ts"

const PRIVATE = [
  ...["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3"],
  ...["169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1"],
  ...["198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"],
  ...["::", "::1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "fe80::1"],
  ...["fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1", "2001::1", "100::1", "4000::1"],
]
const PUBLIC = ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8"]

/** What names lead to; nobody is asked. */
const names =
  (table: Record<string, string[]>): Reach["resolve"] =>
  async (host) => {
    const found = table[host]
    if (!found) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" })
    return found
  }
const url = (address: string) => `https://${address.includes(":") ? `[${address}]` : address}/hook`

/** @returns why it is refused, or the URL as it is kept */
const check = (given: string, reach: Reach = { loopback: false }) => checkUrl(given, reach).catch((it) => it.message)

describe("the URL of a webhook", () => {
  it.each(PRIVATE)("is refused when it is %s, or its name leads there", async (address) => {
    expect(await check(url(address))).toContain("private address")
    const resolve = names({ "inside.example": [address] })
    expect(await check("https://inside.example/", { loopback: false, resolve })).toContain("private address")
  })

  it.each(PUBLIC)("may be %s", async (address) => {
    expect(await check(url(address))).toMatch(/^https:.*\/hook$/)
    const resolve = names({ "outside.example": [address] })
    expect(await check("https://outside.example/", { loopback: false, resolve })).toBe("https://outside.example/")
  })

  it.each([
    ["http://8.8.8.8/", "https://"],
    ["ftp://8.8.8.8/", "https://"],
    ["file:///etc/passwd", ""],
    ["https://user:secret@8.8.8.8/", "password"],
    ["https://8.8.8.8:22/", "port"],
    ["https://8.8.8.8:80/", "port"],
    ["not a url", "URL"],
    ["https://", "URL"],
    [`https://8.8.8.8/${"x".repeat(2_000)}`, "URL"],
    ["https://0x7f.1/", "private address"],
    ["https://2130706433/", "private address"],
    ["https://localhost/", "private address"],
    ["https://nowhere.example/", "ENOTFOUND"],
  ])("is refused as %s", async (given, reason) => {
    const resolve = names({ localhost: ["127.0.0.1", "::1"] })
    expect(await check(given, { loopback: false, resolve })).toMatch(/must|its host/)
    expect(await check(given, { loopback: false, resolve })).toContain(reason)
  })

  it("may be at another port, and loses what no server gets", async () => {
    expect(await check("https://8.8.8.8:8443/a?b=c#d")).toBe("https://8.8.8.8:8443/a?b=c")
  })

  it("may be this machine while developing, by plain HTTP too, and nothing else may", async () => {
    const reach = { loopback: true, resolve: names({ localhost: ["127.0.0.1"], "inside.example": ["10.0.0.1"] }) }
    expect(await check("http://localhost:9500/hook", reach)).toBe("http://localhost:9500/hook")
    expect(await check("http://127.0.0.1:80/", reach)).toBe("http://127.0.0.1/")
    expect(await check("https://[::1]:9500/", reach)).toBe("https://[::1]:9500/")
    expect(await check("http://inside.example/", reach)).toContain("private address")
    expect(await check("http://169.254.169.254/", reach)).toContain("private address")
    expect(await check("http://8.8.8.8/", reach)).toContain("this machine only")
  })
})

describe("a call", () => {
  const message = { secrets: [newSecret()], id: "evt_1", body: "{}" }

  it("is not made to a private address that a name leads to by now, nor to one in the URL", async () => {
    const receiver = await openReceiver()
    const { port } = new URL(receiver.url)
    const asked: string[] = []
    const resolve = async (host: string) => {
      asked.push(host)
      return ["127.0.0.1"]
    }
    const sender = openSender({ reach: { loopback: false, resolve }, timeoutSeconds: 5 })
    const call = async (host: string) => (await sender.send({ ...message, url: `http://${host}:${port}/` })).error
    expect(await call("rebound.example")).toContain("private address")
    expect(asked).toEqual(["rebound.example"])
    for (const host of ["127.0.0.1", "[::ffff:127.0.0.1]", "2130706433"]) {
      expect(await call(host)).toContain("private address")
    }
    expect([receiver.heard.length, receiver.forged]).toEqual([0, 0])
    await sender.close()
    await receiver.goAway()
  })

  it("goes to the address that was looked at, under the name that was asked for", async () => {
    const receiver = await openReceiver()
    const { port } = new URL(receiver.url)
    const resolve = names({ "shop.example": ["10.0.0.1", "127.0.0.1"] })
    const sender = openSender({ reach: { loopback: true, resolve }, timeoutSeconds: 5 })
    receiver.secret = message.secrets[0] ?? ""
    const body = JSON.stringify({ type: "x", data: { id: "evt_1", subject: { id: "cart_1" }, version: 1 } })
    const attempt = await sender.send({ ...message, body, url: `http://shop.example:${port}/` })
    expect(attempt).toMatchObject({ delivered: true, status: 200 })
    expect(receiver.heard[0]?.headers.host).toBe(`shop.example:${port}`)
    await sender.close()
    await receiver.goAway()
  })
})
