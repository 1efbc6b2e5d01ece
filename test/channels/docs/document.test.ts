import { readFileSync } from "node:fs"
import path from "node:path"
import type { OpenAPIHono } from "@hono/zod-openapi"
import { Validator } from "@seriousme/openapi-schema-validator"
import { Ajv2020 } from "ajv/dist/2020.js"
import formats from "ajv-formats"
import { beforeAll, describe, expect, it, vi } from "vitest"
import type { Counter } from "../../../src/channels/counter.ts"
import { counterForFile, demo } from "../../support/counter.ts"
import { signIn, tokenOf } from "../../support/desks.ts"
import { ask } from "../../support/http.ts"

/** The app that the counter made, to be asked which routes it has. */
const made = vi.hoisted(() => ({}) as { app: OpenAPIHono<Counter> })
vi.mock("../../../src/app.ts", async (original) => {
  const { createApp } = await original<typeof import("../../../src/app.ts")>()
  return {
    createApp: (...given: Parameters<typeof createApp>) => {
      made.app = createApp(...given)
      return made.app
    },
  }
})

const shop = counterForFile({
  stripe: { apiKey: "sk_test_1", webhookSecret: "whsec_1", capture: "manual", apiUrl: undefined },
} as object)
const key = () => ({ "x-publishable-api-key": demo().channels.web.publishable_key })

interface Media {
  schema?: object
  example?: unknown
  examples?: Record<string, { value: Told }>
}
interface Told {
  type?: string
  code?: string
  message: string
}
interface Operation {
  operationId: string
  tags: string[]
  summary: string
  description: string
  security: Record<string, string[]>[]
  parameters?: { name: string; in: string; description?: string; required?: boolean }[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { $ref?: string; description: string; content?: Record<string, Media> }>
}
interface Document {
  openapi: string
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object>; securitySchemes: object; responses: object }
}

let document: Document
let operations: { name: string; path: string; operation: Operation }[]
beforeAll(async () => {
  document = (await ask(shop.counter.url, "/openapi.json")).body as Document
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ name: `${method.toUpperCase()} ${path}`, path, operation },
    })),
  )
})

/** Routes of the app that no reference of ours needs: Medusa's, files, pages, and the reference itself. */
const NOT_OURS = [
  ...["GET /app/*", "GET /static/*", "GET /openapi.json", "GET /docs", "GET /docs/scalar.js"],
  ...["GET /demo", "GET /demo/config.json", "GET /demo/demo.css", "GET /demo/demo.js"],
  // Medusa's, to whose answer a cart may be added.
  ...["POST /auth/customer/:provider", "GET /auth/customer/:provider/callback"],
  ...["POST /auth/customer/:provider/callback", "POST /auth/mfa/challenges/:id/verify"],
  ...["POST /auth/token/refresh", "POST /auth/session"],
]
/** Whoever reaches the counter may ask these; to become a till takes a code, in the body. */
const PUBLIC = ["GET /health", "GET /metrics", "GET /ready", "POST /pos/pair"]
/** By what each room is entered. */
const DOORS = { store: "publishableKey", admin: "adminToken", pos: "tillToken", agent: "agentToken" } as Record<
  string,
  string
>

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    expect(document.openapi).toMatch(/^3\.1\./)
    const { valid, errors } = await new Validator().validate(structuredClone(document) as never)
    expect([errors, valid]).toEqual([undefined, true])
  })

  it("has every route that the app has", () => {
    const routes = made.app.routes
      .filter(({ method, path }) => !["ALL", "OPTIONS"].includes(method) && !path.endsWith("/omnichannel/*"))
      .map(({ method, path }) => `${method} ${path}`)
    const ours = [...new Set(routes)].filter((it) => !NOT_OURS.includes(it))
    expect(ours.length).toBeGreaterThan(50)
    expect(ours.map((it) => it.replace(/:(\w+)/g, "{$1}")).sort()).toEqual(operations.map((it) => it.name).sort())
    // A name on the list that nobody has any more hides a mistake.
    expect(NOT_OURS.filter((it) => !routes.includes(it))).toEqual([])
  })

  it("names every operation, and puts it into a section that is described", () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((it) => !/^[a-z][A-Za-z]+$/.test(it.replaceAll("_", "")))).toEqual([])
    const sections = document.tags.map(({ name }) => name)
    expect(operations.filter(({ operation }) => !sections.includes(operation.tags[0] ?? "")).map(nameOf)).toEqual([])
    expect(document.tags.every(({ description }) => description.length > 10)).toBe(true)
    expect(operations.filter(({ operation: { summary, description } }) => !summary || !description)).toEqual([])
  })

  it("says of every operation who may ask it", () => {
    const open = operations.filter(({ operation }) => operation.security.length === 0).map(nameOf)
    expect(open.sort()).toEqual(PUBLIC)
    const known = Object.keys(document.components.securitySchemes)
    const named = operations.flatMap(({ operation }) => operation.security.flatMap((it) => Object.keys(it)))
    expect([...new Set(named)].filter((it) => !known.includes(it))).toEqual([])
    const wrongRoom = operations.filter(({ path, operation }) => {
      const scheme = DOORS[path.split("/")[1] ?? ""]
      return scheme && operation.security.length > 0 && !operation.security.some((it) => scheme in it)
    })
    expect(wrongRoom.map(nameOf)).toEqual([])
  })

  it("describes every parameter", () => {
    const mute = operations.flatMap(({ name, operation }) =>
      (operation.parameters ?? []).filter((it) => !it.description).map((it) => `${name} ${it.in} ${it.name}`),
    )
    expect(mute).toEqual([])
    const lost = operations.filter(({ path, operation }) => {
      const inPath = (operation.parameters ?? []).filter((it) => it.in === "path").map((it) => it.name)
      return [...path.matchAll(/\{(\w+)\}/g)].some(([, it]) => !inPath.includes(it as string))
    })
    expect(lost.map(nameOf)).toEqual([])
  })

  it("shows an example of every body and answer, which its own schema takes", () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    formats.default(ajv)
    ajv.addSchema({ $id: "document", ...document })
    const pointer = (parts: (string | number)[]) =>
      `document#/${parts.map((it) => encodeURIComponent(String(it).replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`
    const wrong: unknown[] = []
    let shown = 0
    const look = (content: Record<string, Media> | undefined, at: string[]) => {
      for (const [type, { example, examples }] of Object.entries(content ?? {})) {
        const given = examples ? Object.values(examples).map(({ value }) => value) : [example]
        const validate = ajv.getSchema(pointer([...at, "content", type, "schema"]))
        if (!validate || given.length === 0) wrong.push([at, "has none"])
        for (const it of given) {
          shown++
          if (it === undefined || !validate?.(it)) wrong.push([at.slice(1), it, validate?.errors])
        }
      }
    }
    for (const { name, path, operation } of operations) {
      const method = name.split(" ")[0]?.toLowerCase() ?? ""
      look(operation.requestBody?.content, ["paths", path, method, "requestBody"])
      for (const [status, response] of Object.entries(operation.responses)) {
        look(response.content, ["paths", path, method, "responses", status])
      }
    }
    expect(wrong).toEqual([])
    expect(shown).toBeGreaterThan(200)
  })

  it("shows every error in Medusa's shape", () => {
    const wrong = operations.flatMap(({ name, operation }) =>
      Object.entries(operation.responses)
        .filter(([status, { $ref }]) => Number(status) >= 400 && !$ref)
        .flatMap(([status, { content }]) => {
          const { examples } = content?.["application/json"] ?? {}
          const told = Object.values(examples ?? {}).map(({ value }) => value)
          const isWell = (it: Told) => it.message && (it.type || status === "401")
          return told.length > 0 && told.every(isWell) ? [] : [`${name} ${status}`]
        }),
    )
    // What is not ready says what fails, not that something went wrong.
    expect(wrong).toEqual(["GET /ready 503"])
    expect(operations.filter(({ operation: { responses } }) => !responses["500"])).toEqual([])
    const careless = operations.filter(
      ({ name, operation: { responses } }) => !PUBLIC.includes(name) && !responses["400"] && !responses["401"],
    )
    expect(careless.map(nameOf)).toEqual([])
  })

  it("tells the truth about errors: those that a shopper meets are the examples", async () => {
    const exampleOf = (name: string, status: number) => {
      const [method = "", path = ""] = name.split(" ")
      const content = document.paths[path]?.[method.toLowerCase()]?.responses[status]?.content
      return Object.values(content?.["application/json"]?.examples ?? {}).map(({ value }) => value)
    }
    const id = "01M7ZRVFH8HMMAP027Z42YKK0G"
    const [agent] = await shop.database.sql<{ id: string }[]>`
      select id from "user" where email = ${demo().staff.agent.email}`
    const met: [string, string, string, object][] = [
      ["GET /store/catalog", "GET", "/store/catalog", {}],
      ["GET /store/catalog", "GET", "/store/catalog?limit=x", key()],
      ["GET /store/carts/{id}", "GET", `/store/carts/cart_${id}`, key()],
      ["GET /store/regions/{id}", "GET", `/store/regions/reg_${id}`, key()],
      ["GET /store/currencies/{code}", "GET", "/store/currencies/xyz", key()],
      ["GET /store/orders/{id}", "GET", `/store/orders/order_${id}`, key()],
      ["POST /store/search/token", "POST", "/store/search/token", key()],
      ["GET /store/orders", "GET", "/store/orders", key()],
      ["GET /admin/omnichannel/stock", "GET", "/admin/omnichannel/stock", {}],
      ["GET /admin/omnichannel/tills", "GET", "/admin/omnichannel/tills", {}],
      ["GET /store/carts/{id}/history", "GET", `/store/carts/cart_${id}/history`, key()],
      ["GET /store/carts/{id}/stream", "GET", `/store/carts/cart_${id}/stream?ticket=x`, key()],
      ["POST /store/handoffs/{code}/claim", "POST", "/store/handoffs/K7MQ2X/claim", key()],
      ["GET /pos/me", "GET", "/pos/me", {}],
      ["GET /agent/me", "GET", "/agent/me", {}],
      ["GET /pos/carts/{id}/stream", "GET", `/pos/carts/cart_${id}/stream?ticket=x`, {}],
      ["POST /agent/carts/{id}/line-items", "POST", `/agent/carts/cart_${id}/line-items`, {}],
      ["GET /agent/carts/{id}", "GET", `/agent/carts/cart_${id}`, await tokenOf({ actor_id: agent?.id })],
      ["POST /pos/carts/{id}/scan", "POST", `/pos/carts/cart_${id}/scan`, await signIn(shop, "madrid")],
    ]
    for (const [name, method, address, headers] of met) {
      const { status, body } = await ask(shop.counter.url, address, {
        method,
        headers: headers as Record<string, string>,
      })
      expect(exampleOf(name, status), `${name} ${status}`).toContainEqual(body)
    }
  })

  it("calls what it shows everywhere by one name", () => {
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(["Error", "Unauthorized", "StoreCart", "StoreOrder", "StoreProduct", "StoreRegion"]),
    )
    const inline = operations.flatMap(({ name, operation }) =>
      Object.entries(operation.responses)
        .filter(([status]) => Number(status) >= 400)
        .filter(([, { content }]) => content && !("$ref" in (content["application/json"]?.schema ?? {})))
        .map(([status]) => `${name} ${status}`),
    )
    expect(inline).toEqual(["GET /ready 503"])
  })

  it("has the version of the release, and need not be sent to who has it", async () => {
    const first = await ask(shop.counter.url, "/openapi.json")
    const etag = first.headers.get("etag") ?? ""
    expect(
      (
        await ask(shop.counter.url, "/openapi.json", {
          headers: { "if-none-match": etag, "cache-control": "max-age=0" },
        })
      ).status,
    ).toBe(304)
    const { version } = JSON.parse(readFileSync(path.resolve("package.json"), "utf8")) as { version: string }
    expect((first.body as { info: { version: string } }).info.version).toBe(version)
  })
})

const nameOf = ({ name }: { name: string }) => name
