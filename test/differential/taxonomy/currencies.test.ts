import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openDatabase } from "../../../src/platform/db/index.ts"
import { theMedusa } from "../../support/medusa.ts"
import { expectSameForAll, fieldsOf, nonsense, openShop, pages, parameter, queries, type Shop } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.counter.close())

describe("GET /store/currencies", () => {
  it("answers what Medusa answers, letter by letter, from the lane", async () => {
    for (const query of ["", "?limit=3&offset=2&order=-code", "?code[]=EUR&code[]=usd", "?q=dollar&fields=name"]) {
      const ours = await shop.sameFromLane(`/store/currencies${query}`)
      const theirs = await shop.medusa(`/store/currencies${query}`)
      expect(ours.text).toBe(theirs.text)
      expect(ours.headers.get("etag")).toBe(theirs.headers.get("etag"))
      expect(ours.headers.get("cache-control")).toBe("public, max-age=0, must-revalidate")
    }
  })

  it("answers any generated query as Medusa does", { timeout: 240_000 }, async () => {
    const query = queries(
      fieldsOf("code", "name", "symbol", "rounding", "raw_rounding", "decimal_digits", "id", "-code", "*name"),
      fieldsOf("+created_at", "+deleted_at", "-rounding", "-name", "metadata", "name.x"),
      ...pages,
      parameter("order", "code", "-code", "name", "-name", "symbol", "symbol_native", "rounding", "-rounding", "id"),
      parameter("order", "decimal_digits", "-decimal_digits", "created_at", "-updated_at", "deleted_at"),
      parameter("q", "eur", "EUR", "dollar", "us d", "%", "_", "\\", "", " ", "null", "nowhere"),
      parameter("code", "eur", "EUR", "none", "null", ""),
      parameter("code[]", "eur,usd", "EUR", "null"),
      parameter("code[$ne]", "eur"),
      parameter("$or[0][code]", "EUR", "null"),
      parameter("$or[1][code][]", "usd"),
      parameter("$and[0][code]", "eur", "usd"),
      parameter("$or[0][q]", "eur"),
      ...nonsense,
    )
    await expectSameForAll(shop, "/store/currencies", query, 200)
  })

  it("gives one in any case, and says of one that is not there what Medusa says", async () => {
    for (const code of ["eur", "EUR", "chf", "none", "null", "a%20b"]) {
      for (const query of ["", "?fields=name", "?fields=-code", "?fields=", "?fields=nothing", "?fields=id", "?x=1"]) {
        await shop.same(`/store/currencies/${code}${query}`)
      }
    }
    await shop.sameFromLane("/store/currencies/EUR")
    await shop.sameFromLane("/store/currencies/none")
  })

  it("follows a change that somebody makes in the database", async () => {
    const database = openDatabase(theMedusa().databaseUrl, { connections: 1 })
    try {
      for (const symbol of ["Eu", "€"]) {
        await database.sql`update currency set symbol = ${symbol} where code = 'eur'`
        await shop.untilSame("/store/currencies/eur")
        expect((await shop.sameFromLane("/store/currencies/eur")).text).toContain(`"symbol":"${symbol}"`)
      }
    } finally {
      await database.close()
    }
  })
})
