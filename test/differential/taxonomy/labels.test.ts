import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { expectSameForAll, fieldsOf, nonsense, openShop, pages, parameter, queries, type Shop, times } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.counter.close())

/** Three nouns with one label each, told apart by what Medusa calls it. */
const nouns = [
  { path: "/collections", many: "collections", one: "collection", label: "title", more: ["handle", "deleted_at"] },
  { path: "/product-tags", many: "product_tags", one: "product_tag", label: "value", more: [] },
  { path: "/product-types", many: "product_types", one: "product_type", label: "value", more: [] },
]
const values = ["Ñandú & cía", "50% lana", "a_b", "zeta", "Zeta", "alfa"]

describe.each(nouns)("GET /store$path", ({ path, many, one, label, more }) => {
  const store = `/store${path}`
  let ids: string[]
  let times_: string[]

  beforeAll(async () => {
    for (const [i, value] of values.entries()) {
      const handle = label === "title" ? { handle: `made-${i}` } : {}
      const body = { [label]: value, ...handle, ...(i % 2 ? { metadata: { nested: { i } } } : {}) }
      await shop.admin("medusa", "POST", `/admin${path}`, body)
    }
    await shop.untilSame(`${store}?fields=id&limit=100`)
    const { body } = await shop.medusa(`${store}?fields=id,created_at&limit=100`)
    const rows = (body as Record<string, { id: string; created_at: string }[]>)[many] ?? []
    ids = rows.map((row) => row.id)
    times_ = rows.map((row) => row.created_at)
  })

  it("answers what Medusa answers, letter by letter, from the lane", async () => {
    const plain = path === "/collections" ? ["", "?limit=3&offset=1"] : []
    const queries_ = [...plain, "?fields=-products", `?fields=id,${label}`, `?fields=id&order=-${label}`]
    for (const query of [...queries_, `?fields=id&q=zeta`, `?fields=id&id[]=${ids[0]}&id[]=${ids[1]}`]) {
      const ours = await shop.sameFromLane(store + query)
      const theirs = await shop.medusa(store + query)
      expect(ours.text).toBe(theirs.text)
      expect(ours.headers.get("etag")).toBe(theirs.headers.get("etag"))
      expect(ours.headers.get("cache-control")).toBe("public, max-age=0, must-revalidate")
      expect(ours.headers.get("vary")).toContain("x-publishable-api-key")
    }
  })

  it("answers any generated query as Medusa does", { timeout: 240_000 }, async () => {
    const some = () => [ids[0] ?? "", ids[3] ?? "", "none", "null"]
    const query = queries(
      fieldsOf("id", label, "*products", "products.title", "metadata", "external_id", `-${label}`, "+deleted_at"),
      fieldsOf("id", label, "-products", "updated_at", `*${label}`, `${label}.x`, "+metadata"),
      ...pages,
      parameter("order", "id", "-id", label, `-${label}`, "created_at", "-created_at", "updated_at", "external_id"),
      parameter("q", "a", "zeta", "ZETA", "a b", "%", "_", "50%", "\\", "ñ", "Ñ", "", " ", "null", "nowhere"),
      parameter("id", ...some()),
      parameter("id[]", `${ids[0]},${ids[1]}`, ...some()),
      parameter(label, ...values, "null", ""),
      parameter(`${label}[]`, "zeta,alfa", "50% lana", "null"),
      parameter("external_id", "null", "x"),
      parameter("external_id[]", "null"),
      ...more.map((it) => parameter(it, "null", "zeta", "2020-01-01T00:00:00Z")),
      ...times("created_at", ...times_.slice(0, 4)),
      parameter(`$or[0][${label}]`, "zeta", "null"),
      parameter("$or[1][id]", ...some()),
      parameter(`$and[0][${label}]`, "zeta", "alfa"),
      parameter("$and[0][created_at][$lt]", times_[2] ?? "", "2100-01-01T00:00:00Z"),
      parameter("$or[0][q]", "zeta"),
      ...nonsense,
    )
    await expectSameForAll(shop, store, query, 200)
  })

  it("gives one, and says of one that is not there what Medusa says", async () => {
    for (const id of [...ids.slice(0, 3), "none", "null", "a%20b"]) {
      for (const query of ["", "?fields=id", `?fields=${label},-id`, "?fields=-products", "?fields=nothing", "?x=1"]) {
        await shop.same(`${store}/${id}${query}`)
      }
    }
    await shop.sameFromLane(`${store}/${ids[0]}?fields=-products`)
    await shop.sameFromLane(`${store}/none?fields=-products`)
  })

  it("follows what the admin does, through the counter at once and past it soon", async () => {
    const all = `${store}?fields=id,${label}&limit=100`
    for (const side of ["counter", "medusa"] as const) {
      const check = side === "counter" ? shop.same : shop.untilSame
      const made = await shop.admin(side, "POST", `/admin${path}`, { [label]: `new by ${side}` })
      await check(all)
      const id = made[one]?.id
      await shop.admin(side, "POST", `/admin${path}/${id}`, { [label]: `renamed by ${side}` })
      await check(all)
      await check(`${store}?fields=id&q=renamed&order=${label}`)
      await check(`${store}/${id}?fields=${label}`)
      await shop.admin(side, "DELETE", `/admin${path}/${id}`)
      await check(all)
      await check(`${store}/${id}?fields=${label}`)
    }
  })
})
