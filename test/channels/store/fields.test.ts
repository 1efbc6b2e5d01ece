import { createRequire } from "node:module"
import path from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseFields } from "../../../src/channels/store/fields.ts"

/** Medusa's own parser, which its package does not export: loaded by its path, as the oracle. */
const require = createRequire(import.meta.url)
const { FieldParser } = require(
  path.resolve("node_modules/@medusajs/framework/dist/http/utils/field-filtering/field-parser.js"),
) as {
  FieldParser: {
    parse(fields: string | undefined, defaults: string[]): { fields: Set<string>; starFields: Set<string> }
  }
}

const name = fc.constantFrom("id", "name", "countries", "countries.iso_2", "countries.*", "metadata", "a.b.c", "")
const modifier = fc.constantFrom("", "", "+", "-", "*", " ", "+ ", "--")
const field = fc.tuple(modifier, name).map((parts) => parts.join(""))
const defaults = ["id", "name", "metadata", "*countries", "a.b", "a.b.c"]

describe("a fields parameter", () => {
  it("is understood as Medusa understands it", () => {
    fc.assert(
      fc.property(fc.option(fc.array(field, { maxLength: 6 }), { nil: undefined }), (fields) => {
        const text = fields?.join(",")
        const theirs = FieldParser.parse(text, defaults)
        expect(parseFields(text, defaults)).toEqual({ fields: theirs.fields, relations: theirs.starFields })
      }),
      { numRuns: 3000 },
    )
  })
})
