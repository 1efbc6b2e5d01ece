import { Readable } from "node:stream"
import { createGzip } from "node:zlib"
import { z } from "@hono/zod-openapi"
import type { Context } from "hono"
import type { History, Horizon } from "../../commerce/catalog/index.ts"
import { slots } from "../../platform/slots.ts"
import type { Counter, Services } from "../counter.ts"
import { WireError } from "../errors.ts"
import { channelsOf, ownRoute, salesChannelParameter } from "../store/own.ts"
import { eventsOf, isShown } from "./events.ts"
import { completeAt, hasForgotten, type Position, readPosition, requireReachable, writePosition } from "./position.ts"
import { showDocument } from "./shown.ts"

/** Documents that are read, and held, at once. */
const PAGE = 100
const MOST_LINES = 1_000_000
/** Open at once: a client that is slow keeps one, and a page in memory. */
const MOST_FEEDS = 64
/** For how many a page is made at once: that is what keeps a core busy. */
const MOST_READERS = 4
/** A client that has not taken a page after so long keeps others from loading theirs. */
const PAGE_MILLISECONDS = 30_000
/** Little work for most of the gain: lines of JSON are much alike. */
const GZIP_LEVEL = 2

const EXAMPLE = `{"type":"begin","whole":true,"sales_channel_ids":["sc_01"]}
{"type":"product","product_id":"prod_01","version":7,"product":{"id":"prod_01","title":"..."},"prices":{"variant_01":[]},"stock":{"variant_01":{"always":false,"in_stock":true,"locations":["sloc_01"]}}}
{"type":"removed","product_id":"prod_02","version":9}
{"type":"end","cursor":"MS45LjkuOS4xYTJiM2M0ZDVlNmY","complete":true,"products":1,"removed":1}
`

export const feedCatalog = ({ catalog: { history } }: Services) => {
  let open = 0
  return ownRoute({
    path: "/store/catalog/feed",
    summary: "Load the catalog, or what has changed of it",
    description: [
      "For a till or an app that keeps the catalog of its sales channels: without a cursor all of it, with one only what has changed since, deletions included. Each product comes whole, in its newest state, as one line of JSON; gzipped for who accepts it.",
      "Only an answer that comes to its `end` line is whole. Its cursor is kept for the next time, and can be the `Last-Event-ID` of the stream as well. With `limit`, `complete` says whether there is more to ask for at once.",
    ].join("\n\n"),
    query: z.object({
      cursor: z.string().min(1, "is empty").max(200).optional(),
      limit: z
        .string()
        .regex(/^\d{1,7}$/, "must be a whole number")
        .transform(Number)
        .refine((it) => it >= 1 && it <= MOST_LINES, `must be between 1 and ${MOST_LINES}`)
        .optional()
        .openapi({ description: "Lines of products and deletions at the most.", example: "1000" }),
      sales_channel_id: salesChannelParameter,
    }),
    answer: {
      description: "A line to begin with, one for each product that is there or gone, and one at the end.",
      content: { "application/x-ndjson": { schema: z.string().openapi({ example: EXAMPLE }) } },
    },
    errors: {
      410: "The cursor is too old to go on from: begin anew.",
      503: "Too many are loading the catalog here (`no_feed_free`): `Retry-After` says when to come back.",
    },
    async handle(c, { cursor, limit, sales_channel_id }) {
      const channels = channelsOf(c, sales_channel_id)
      const given = cursor === undefined ? undefined : readPosition(cursor, "cursor", channels)
      const horizon = await history.horizon()
      if (given) requireReachable(given, horizon, "cursor")
      c.header("Content-Type", "application/x-ndjson; charset=utf-8")
      c.header("Cache-Control", "no-store")
      c.header("X-Accel-Buffering", "no")
      c.header("Vary", "Accept-Encoding", { append: true })
      if (c.req.method === "HEAD") return c.body(null, 200)
      if (open >= MOST_FEEDS) throw busy()
      // It may have left while the database was asked.
      if (c.env.outgoing.destroyed) return c.body(null)
      open++
      c.env.outgoing.once("close", () => open--)
      const stalled = () => c.env.outgoing.destroy()
      const begin = given ?? { version: 0, since: 0, began: horizon.newest }
      return answer(c, lines(history, channels, begin, horizon, limit ?? MOST_LINES, given === undefined, stalled))
    },
  })
}

function busy(): WireError {
  return new WireError(503, "unexpected_state", "Too many are loading the catalog here. Try again in a moment.", {
    code: "no_feed_free",
    headers: { "Retry-After": "10" },
  })
}

/**
 * The feed, page by page: nothing is held between two of them, no connection and no transaction. What changes meanwhile
 * comes later in the same answer, or next time.
 */
async function* lines(
  history: History,
  channels: readonly string[],
  begin: Position,
  horizon: Horizon,
  limit: number,
  whole: boolean,
  stalled: () => void,
): AsyncGenerator<string> {
  yield `${JSON.stringify({ type: "begin", whole, sales_channel_ids: channels })}\n`
  const counted = { products: 0, removed: 0 }
  // Who had nothing when he began has nothing to forget of before.
  const removedSince = begin.since === 0 ? begin.began : begin.since
  let { version } = begin
  let complete = false
  for (let left = limit; left > 0 && !complete; ) {
    const most = Math.min(PAGE, left)
    const page = await readers.use(Number.POSITIVE_INFINITY, () =>
      readPage(history, version, channels, most, removedSince),
    )
    counted.products += page.products
    counted.removed += page.removed
    left -= page.products + page.removed
    version = page.version
    complete = page.isLast
    if (page.text) yield* taken(page.text, stalled)
  }
  if (hasForgotten(begin, await history.horizon())) throw new Error("deletions were forgotten while they were read")
  // All that was there when the horizon was read has been read since.
  const end = complete ? completeAt(Math.max(version, horizon.newest)) : { ...begin, version }
  yield `${JSON.stringify({ type: "end", cursor: writePosition(end, channels), complete, ...counted })}\n`
}

const readers = slots(MOST_READERS)

/** Documents after a version, as lines. */
async function readPage(
  history: History,
  after: number,
  channels: readonly string[],
  most: number,
  removedSince: number,
) {
  const { documents, links } = await history.read(after, channels, most)
  const page = {
    ...{ text: "", products: 0, removed: 0 },
    version: documents.at(-1)?.version ?? after,
    isLast: documents.length < most,
  }
  for (const document of documents) {
    const what = `"product_id":${JSON.stringify(document.product_id)},"version":${document.version}`
    if (isShown(document, channels)) {
      const shown = showDocument(document, links)
      page.text += `{"type":"product",${what},"product":${shown.product()},"prices":${shown.prices()},"stock":${shown.stock(channels)}}\n`
      page.products++
    } else if (eventsOf(document, channels, removedSince).length > 0) {
      page.text += `{"type":"removed",${what}}\n`
      page.removed++
    }
  }
  return page
}

/** Hands a page over, and calls `stalled` when it is not taken in time. */
async function* taken(text: string, stalled: () => void): AsyncGenerator<string> {
  const timer = setTimeout(stalled, PAGE_MILLISECONDS)
  try {
    yield text
  } finally {
    clearTimeout(timer)
  }
}

function answer(c: Context<Counter>, text: AsyncGenerator<string>): Response {
  const { outgoing } = c.env
  const broken = (error: unknown) => {
    if (outgoing.destroyed) return
    c.var.log.error({ request_id: c.var.requestId, err: error }, "the catalog's feed broke off")
    // A clean end would show the client half an answer as a whole one; it lacks its last line besides.
    outgoing.destroy()
  }
  const plain = Readable.from(text, { objectMode: false })
  plain.once("error", broken)
  if (!acceptsGzip(c.req.header("accept-encoding"))) return c.body(Readable.toWeb(plain) as ReadableStream)
  const zipped = createGzip({ level: GZIP_LEVEL })
  plain.pipe(zipped)
  zipped.once("close", () => plain.destroy())
  c.header("Content-Encoding", "gzip")
  return c.body(Readable.toWeb(zipped) as ReadableStream)
}

function acceptsGzip(accepted: string | undefined): boolean {
  return (accepted ?? "").split(",").some((it) => {
    const [coding, ...parameters] = it
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/)
    return coding === "gzip" && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })
}
