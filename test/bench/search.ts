import fs from "node:fs"
import { parseArgs } from "node:util"
import { openCatalog } from "../../src/commerce/catalog/index.ts"
import { openSearch, type SearchQuery, searchWriter } from "../../src/commerce/search/index.ts"
import { noteIndexChange } from "../../src/commerce/search/turn.ts"
import { openChangeFeed } from "../../src/platform/changes/index.ts"
import { openDatabase } from "../../src/platform/db/index.ts"
import { createLog } from "../../src/platform/log.ts"
import { createCatalog } from "./catalog.ts"
import { openBench } from "./cluster.ts"

/**
 * `node --import tsx test/bench/search.ts [--products 20000] [--times 1] [--rounds 5]`: how long the search in Postgres
 * takes, by kind of question, and how long building documents takes with its rows and without. `--times 5` copies the
 * rows of the index (not the documents) until there are five times as many. Each question is found anew: answers that
 * are kept come at the end. `cpu` is what Postgres itself worked for a question.
 */
const { values } = parseArgs({
  options: {
    products: { type: "string", default: "20000" },
    rounds: { type: "string", default: "5" },
    times: { type: "string", default: "1" },
  },
})
const products = Number(values.products)
const say = (line: string) => process.stderr.write(`${line}\n`)
const stopping = new AbortController()
process.on("SIGINT", () => stopping.abort())

const bench = await openBench(say, stopping.signal)
const database = openDatabase(bench.url, { connections: 5 })
const log = createLog("error")
try {
  const { names } = await createCatalog(database.sql, bench.demo, products)
  say(`${products} products are in Medusa's tables`)
  const feed = await openChangeFeed(database, log)
  const write = searchWriter()
  let indexing = 0
  const catalog = await openCatalog(database, feed, log, {
    cacheBytes: 48e6,
    async onBuilt(tx, built) {
      const begin = performance.now()
      await write(
        tx,
        built.map((it) => it.product_id),
      )
      indexing += performance.now() - begin
    },
  })
  const search = await openSearch(database, feed, log, { catalog, write })
  const begin = performance.now()
  for (;;) {
    const [row] = await database.sql`select (select count(*)::int from mostrador.search_product) as found,
      exists (select from mostrador.stale_product) as more`
    if (row && !row.more && row.found >= products) break
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const all = performance.now() - begin
  say(
    `built in ${(all / 1000).toFixed(1)} s: ${(all / products).toFixed(2)} ms a product, of it the search ${(indexing / products).toFixed(2)} ms`,
  )
  for (let copy = 1; copy < Number(values.times); copy++) {
    const columns = await database.sql<{ name: string }[]>`
      select column_name as name from information_schema.columns
      where table_schema = 'mostrador' and table_name = 'search_product' and column_name not in ('product_id', 'n', 'version', 'words_version')`
    const names = columns.map((it) => it.name).join(", ")
    await database.sql.begin(async (tx) => {
      const version = await noteIndexChange(tx)
      await tx.unsafe(
        `insert into mostrador.search_product (product_id, version, words_version, ${names})
        select product_id || '_' || $1::text, $2::float8, $2::float8, ${names} from mostrador.search_product
        where product_id ~ '^[^_]+_[^_]+$'`,
        [String(copy), version],
      )
    })
  }
  await database.sql`vacuum (analyze) mostrador.search_product, mostrador.search_word, mostrador.search_set`
  const [size] = await database.sql`select pg_size_pretty(pg_table_size('mostrador.search_product')) as rows,
    pg_size_pretty(pg_indexes_size('mostrador.search_product')) as indexes,
    (select count(*)::int from mostrador.search_set) as sets, (select count(*)::int from mostrador.search_word) as words`
  say(JSON.stringify(size))

  const [web] = [bench.demo.channels.web.sales_channel_id]
  const base: SearchQuery = {
    ...{
      channels: [web],
      q: "",
      facets: [],
      disjunctive: true,
      match: "last",
      typos: true,
      order: [],
      skip: 0,
      take: 20,
    },
  }
  const facets: SearchQuery["facets"] = [
    ...(["category_ids", "tags", "options", "in_stock_location_ids"] as const).map((field) => ({
      ...{ field, type: "value" as const, limit: 20, sort: "count" as const },
    })),
    { field: "price.eur", type: "stats" },
  ]
  const nouns = ["lámpara", "mesa", "silla", "taza", "manta", "cojín", "jarra", "plato", "espejo", "estante"]
  const misspelt = ["lampra", "meza", "sila", "taaz", "mnata", "cojni", "jara", "palto", "espjeo", "estnate"]
  const [category] = await database.sql`select id from product_category where handle = 'hogar'`
  const kinds: Record<string, Partial<SearchQuery>[]> = {
    "common word": nouns.map((q) => ({ q })),
    "common word, 5 facets": nouns.map((q) => ({ q, facets })),
    "common word, 5 facets, filters": nouns.map((q) => ({
      q,
      facets,
      filters: { "price.eur": { $lte: 100 }, options: ["Color:Arena", "Color:Oliva"] },
    })),
    "two words": nouns.flatMap((q) => names.slice(0, 4).map((name) => ({ q: `${q} ${name}` }))),
    beginning: nouns.map((q) => ({ q: q.slice(0, 3) })),
    "one letter": ["l", "m", "s", "t", "c"].map((q) => ({ q })),
    misspelt: misspelt.map((q) => ({ q })),
    "misspelt, 5 facets": misspelt.map((q) => ({ q, facets })),
    "misspelt two words": misspelt.map((q, i) => ({ q: `${q} ${names[i]?.slice(0, -1)}x` })),
    "word of every product": [{ q: "durar" }, { q: "durar", facets }],
    SKU: [1, 77, 500].map((n) => ({ q: `BULK-${String(n).padStart(6, "0")}-1` })),
    "all, newest": [{ order: [{ field: "created_at", direction: "DESC" }] }],
    "all, by price, in stock": [
      { order: [{ field: "price.eur", direction: "ASC" }], filters: { in_stock_sales_channel_ids: web } },
    ],
    "all, 5 facets": [{ facets }],
    "category, 5 facets": [{ facets, filters: { category_ids: category?.id } }],
  }
  /** Of all connections, since they began; Linux counts in hundredths of a second. */
  async function cpuMilliseconds(): Promise<number> {
    const rows = await database.sql<
      { pid: number }[]
    >`select pid from pg_stat_activity where datname = current_database()`
    return rows.reduce((sum, { pid }) => {
      const stat = fs.existsSync(`/proc/${pid}/stat`) ? fs.readFileSync(`/proc/${pid}/stat`, "utf8") : ""
      const [user = 0, system = 0] = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .slice(11, 13)
        .map(Number)
      return sum + (user + system) * 10
    }, 0)
  }
  for (const [kind, queries] of Object.entries(kinds)) {
    const times: number[] = []
    let worked = 0
    let count = 0
    for (let round = -1; round < Number(values.rounds); round++) {
      if (round === 0) worked = await cpuMilliseconds()
      for (const query of queries) {
        // Answers are kept until the index changes: here each is found anew.
        await database.sql.begin(noteIndexChange)
        const from = performance.now()
        const { results } = await search.search([{ ...base, ...query }])
        // The first round warms up: memory, plans, sets.
        if (round >= 0) times.push(performance.now() - from)
        count += results[0]?.count ?? 0
      }
    }
    const cpu = ((await cpuMilliseconds()) - worked) / times.length
    times.sort((a, b) => a - b)
    const at = (p: number) => (times[Math.min(times.length - 1, Math.floor(times.length * p))] ?? 0).toFixed(1)
    const mean = Math.round(count / queries.length / (Number(values.rounds) + 1))
    say(
      `${kind.padEnd(34)} p50 ${at(0.5).padStart(7)} ms  p95 ${at(0.95).padStart(7)} ms  cpu ${cpu.toFixed(1).padStart(6)} ms  ${mean} hits`,
    )
  }
  const kept: number[] = []
  for (let round = 0; round < 200; round++) {
    const from = performance.now()
    await search.search([{ ...base, facets, filters: { category_ids: category?.id } }])
    kept.push(performance.now() - from)
  }
  kept.sort((a, b) => a - b)
  say(`the last of them again, kept: p50 ${kept[100]?.toFixed(1)} ms  p95 ${kept[190]?.toFixed(1)} ms`)
  say(`memory of this process: ${Math.round(process.memoryUsage().rss / 1e6)} MB`)
  await search.close()
  await feed.close()
  await catalog.close()
} finally {
  await database.close()
  await bench.stop()
}
