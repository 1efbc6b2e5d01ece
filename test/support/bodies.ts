import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib"

/** A body of `POST /store/search` as it goes over the wire, and what Medusa 2.21 answers. */
export interface SentBody {
  name: string
  headers: Record<string, string>
  body: string | Buffer
  status: number
  message: string
}

/** Neither Medusa nor the counter has this index: whoever says so has read the body. */
const QUERY = JSON.stringify({ entity: "customer" })
const READ = { status: 404, message: 'No search index named "customer"' }
const FORM = "application/x-www-form-urlencoded"
const UNREAD = { status: 400, message: "Invalid request: Field 'queries' is required" }
const json = { "content-type": "application/json" }
const encoded = (encoding: string) => ({ ...json, "content-encoding": encoding })
const typed = (type: string) => ({ "content-type": type })
const tooLarge = { status: 413, message: "request entity too large" }
const LONG = JSON.stringify({ entity: "customer", filters: { q: "x".repeat(50_000_000) } })

export const encodedBodies: SentBody[] = [
  { name: "gzip", headers: encoded("gzip"), body: gzipSync(QUERY), ...READ },
  { name: "GZIP", headers: encoded("GZIP"), body: gzipSync(QUERY), ...READ },
  { name: "deflate", headers: encoded("deflate"), body: deflateSync(QUERY), ...READ },
  { name: "not gzip", headers: encoded("gzip"), body: QUERY, status: 400, message: "incorrect header check" },
  {
    name: "half a gzip",
    headers: encoded("gzip"),
    body: gzipSync(QUERY).subarray(0, 20),
    ...{ status: 400, message: "unexpected end of file" },
  },
  { name: "a bomb", headers: encoded("gzip"), body: gzipSync(LONG), ...tooLarge },
  {
    name: "br",
    headers: encoded("br"),
    body: brotliCompressSync(QUERY),
    status: 415,
    message: 'unsupported content encoding "br"',
  },
  {
    name: "an unknown encoding",
    headers: encoded("x-foo"),
    body: QUERY,
    status: 415,
    message: 'unsupported content encoding "x-foo"',
  },
  { name: "a byte order mark", headers: json, body: `\ufeff${QUERY}`, ...READ },
  {
    name: "latin1",
    headers: typed("application/json; charset=latin1"),
    body: QUERY,
    status: 415,
    message: 'unsupported charset "LATIN1"',
  },
  {
    name: "utf-16",
    headers: typed("application/json; charset=utf-16le"),
    body: Buffer.from(QUERY, "utf16le"),
    ...READ,
  },
  {
    name: "not utf-16",
    headers: typed("application/json; charset=utf-16"),
    body: QUERY,
    status: 400,
    message: `Unexpected token '≻', "≻湥楴祴㨢挢獵潴敭≲" is not valid JSON`,
  },
  { name: "another kind of JSON", headers: typed("application/vnd.api+json"), body: QUERY, ...UNREAD },
  { name: "no kind", headers: {}, body: QUERY, ...UNREAD },
  {
    name: "a text",
    headers: typed("text/plain"),
    body: QUERY,
    status: 400,
    message: "Invalid request: Field '' is required",
  },
  { name: "a form", headers: typed(FORM), body: "entity=customer", ...READ },
  { name: "a form of queries", headers: typed(FORM), body: "queries[0][entity]=customer", ...READ },
  {
    name: "a form in latin1",
    headers: typed(`${FORM}; charset=latin1`),
    body: "entity=customer",
    status: 415,
    message: 'unsupported charset "LATIN1"',
  },
  {
    name: "a deep form",
    headers: typed(FORM),
    body: `entity=a&filters${"[a]".repeat(40)}=1`,
    status: 400,
    message: "The input exceeded the depth",
  },
  {
    name: "a long form",
    headers: typed(FORM),
    body: `entity=a${"&b=1".repeat(1_200)}`,
    status: 413,
    message: "too many parameters",
  },
]

const said = (body: string, message: string): SentBody => ({ name: body, headers: json, body, status: 400, message })
const invalid = (body: string, message: string) => said(body, `Invalid request: ${message}`)

export const wrongBodies: SentBody[] = [
  said("null", `Unexpected token 'n', "null" is not valid JSON`),
  said("1", `Unexpected token '1', "1" is not valid JSON`),
  said('"x"', `Unexpected token '"', ""x"" is not valid JSON`),
  said("   ", "Unexpected end of JSON input"),
  said("{", "Expected property name or '}' in JSON at position 1"),
  invalid("[]", "Field '' is required"),
  invalid("{}", "Field 'queries' is required"),
  invalid('{"entity":"product","fields":[1]}', "Field 'queries' is required"),
  invalid('{"entity":1}', "Expected type: 'string' for field 'queries', got: 'undefined'"),
  invalid('{"entity":""}', "Value for field 'entity' too small, expected at least: '1'"),
  invalid('{"entity":"product","filters":1}', "Expected type: 'record' for field 'queries', got: 'undefined'"),
  invalid(
    '{"entity":"product","pagination":{"take":"2"}}',
    "Expected type: 'number' for field 'queries', got: 'undefined'",
  ),
  invalid('{"entity":"product","pagination":{"order":{"a":"x"}}}', "Field 'queries' is required"),
  invalid('{"entity":"product","search_options":{"facets":[1]}}', "Field 'queries' is required"),
  invalid('{"entity":"product","search_options":{"highlight":{"fields":1}}}', "Field 'queries' is required"),
  invalid('{"entity":"product","search_options":{"match_strategy":"x"}}', "Field 'queries' is required"),
  invalid('{"entity":"product","colour":1}', "Field 'queries' is required"),
  invalid('{"queries":1}', "Expected type: 'array' for field 'queries', got: '1'"),
  invalid('{"queries":[1]}', "Field 'queries, 0' is required"),
  invalid('{"queries":[{}]}', "Field 'queries, 0, entity' is required"),
  invalid('{"queries":[{"entity":"product","fields":[1]}]}', "Field 'queries, 0, fields, 0' is required"),
  invalid('{"queries":[{"entity":"product"}],"entity":"x"}', "Invalid input"),
]
