import type { Sql } from "postgres"
import type { Log } from "../../../platform/log.ts"
import { type Repeated, repeat } from "../../../platform/repeat.ts"
import { readIndexVersion } from "../turn.ts"
import { Pace } from "./pace.ts"
import { SET_FIELDS, type SetField } from "./row.ts"
import { WordIndex } from "./word-index.ts"

/** How often a process reads on that nobody searches in, so that it does not begin with a long reading. */
const IDLE_MILLISECONDS = 1_000
const PAGE = 1_000
const FIRST_ROWS = 1_024

interface Row extends Record<SetField, number> {
  n: number
  product_id: string
  version: number
  /** null: as they were. */
  words: string | null
  title: string
  created_at: number
  updated_at: number
  price: Record<string, number>
}

/**
 * What products are found, narrowed, counted and sorted by, held in memory by columns and lists of words: a question
 * goes through all of them in milliseconds, and through Postgres's rows in hundreds of them (`test/bench/search.ts`).
 */
export class SearchMemory {
  /** The index's version up to which all is here. */
  version = -1
  /** Rows are numbered below this; some numbers are nobody's. */
  size = 0
  /** By row: the product; undefined where there is none. */
  ids: (string | undefined)[] = []
  titles: string[] = []
  readonly words = new WordIndex()
  private readonly sets = new Map<SetField, Int32Array>(SET_FIELDS.map((it) => [it, new Int32Array(FIRST_ROWS)]))
  private readonly numbers = new Map<string, Float64Array>()
  /** Combinations by their place here; the first stands for none. */
  private readonly combinations: { field: SetField | undefined; members: readonly string[] }[] = [
    { field: undefined, members: [] },
  ]
  private readonly named = new Map([["", 0]])
  private readonly places = new Map<number, number>()
  private newestSet = 0
  private readonly reading: Repeated

  constructor(
    private readonly sql: Sql,
    log: Log,
  ) {
    this.reading = repeat(() => this.read(), {
      ...{ every: IDLE_MILLISECONDS, first: 0, log, failing: "the search index cannot be read into memory" },
    })
  }

  /** Reads all that is committed by now. */
  async catchUp(): Promise<void> {
    if ((await readIndexVersion(this.sql)) !== this.version) await this.reading.now()
  }

  close(): Promise<void> {
    return this.reading.close()
  }

  /** By row: the combination of values that it has in this field. */
  setsOf(field: SetField): Int32Array {
    return this.sets.get(field) as Int32Array
  }

  membersOf(combination: number): readonly string[] {
    return this.combinations[combination]?.members ?? []
  }

  /** How many combinations there are, of all fields. */
  get combinationCount(): number {
    return this.combinations.length
  }

  /** By row: dates in milliseconds, or prices; NaN where there is none. Undefined: in a currency that nothing is sold in. */
  numbersOf(field: string): Float64Array | undefined {
    return this.numbers.get(field)
  }

  /** @returns which combinations fit; the empty one, which every field shares, too */
  combinationsWhere(field: SetField, fits: (members: readonly string[]) => boolean): Uint8Array {
    const found = new Uint8Array(this.combinations.length)
    for (const [place, it] of this.combinations.entries()) {
      if ((it.field === field || it.field === undefined) && fits(it.members)) found[place] = 1
    }
    return found
  }

  /** What a row costs at least, by currency. */
  priceOf(row: number): Record<string, number> {
    const found: Record<string, number> = {}
    for (const [field, amounts] of this.numbers) {
      const amount = amounts[row]
      if (field.startsWith("price.") && amount !== undefined && !Number.isNaN(amount)) {
        found[field.slice("price.".length)] = amount
      }
    }
    return found
  }

  /** Reads on from where it is. What changes meanwhile moves up, and is read after all others. */
  private async read(): Promise<void> {
    const newest = await readIndexVersion(this.sql)
    if (newest === this.version) return
    if (newest < this.version) this.forget()
    let last = { version: this.version, n: Number.MAX_SAFE_INTEGER }
    const pace = new Pace(Number.POSITIVE_INFINITY)
    for (;;) {
      const rows = await this.sql.unsafe<Row[]>(READ, [last.version, last.n, PAGE, this.version])
      // Read after the rows: every combination that they have is there, or they have another one by now.
      await this.readCombinations()
      for (const row of rows) {
        this.put(row)
        if (pace.isOver) await pace.pause()
      }
      last = rows.at(-1) ?? last
      if (rows.length < PAGE) break
    }
    this.version = Math.max(newest, last.version)
    await this.words.sweep(pace)
  }

  /** The database was put back to an earlier state. */
  private forget(): void {
    this.version = -1
    this.ids = []
    this.words.forget()
    this.places.clear()
    this.newestSet = 0
  }

  private async readCombinations(): Promise<void> {
    const found = await this.sql<{ id: number; field: SetField; members: string[] }[]>`
      select id, field, members from mostrador.search_set where id > ${this.newestSet} order by id`
    for (const { id, field, members } of found) {
      // One that was forgotten and has come back has another id.
      const name = members.length === 0 ? "" : `${field} ${JSON.stringify(members)}`
      const place = this.named.get(name) ?? this.combinations.push({ field, members }) - 1
      this.named.set(name, place)
      this.places.set(id, place)
      this.newestSet = id
    }
  }

  private put(row: Row): void {
    const { n } = row
    this.growTo(n + 1)
    this.ids[n] = row.product_id
    this.titles[n] = row.title
    if (row.words !== null) this.words.put(n, row.words)
    for (const field of SET_FIELDS) this.setsOf(field)[n] = this.places.get(row[field]) ?? 0
    for (const column of this.numbers.values()) column[n] = Number.NaN
    this.setNumber("created_at", n, row.created_at)
    this.setNumber("updated_at", n, row.updated_at)
    for (const [currency, amount] of Object.entries(row.price)) this.setNumber(`price.${currency}`, n, amount)
  }

  private growTo(size: number): void {
    if (size <= this.size) return
    const room = this.setsOf("tags").length
    this.size = size
    if (size <= room) return
    const more = Math.max(size, room * 2)
    for (const [field, column] of this.sets) this.sets.set(field, grown(column, new Int32Array(more)))
    for (const [field, column] of this.numbers) {
      this.numbers.set(field, grown(column, new Float64Array(more).fill(Number.NaN)))
    }
  }

  private setNumber(field: string, n: number, value: number): void {
    const column = this.numbers.get(field) ?? new Float64Array(this.setsOf("tags").length).fill(Number.NaN)
    column[n] = value
    this.numbers.set(field, column)
  }
}

function grown<Column extends Int32Array | Float64Array>(column: Column, larger: Column): Column {
  larger.set(column as never)
  return larger
}

const READ = `
  select n, product_id, version::float8 as version,
    case when words_version > $4::float8::bigint then word_lines end as words,
    title, created_at, updated_at, price, ${SET_FIELDS.join(", ")}
  from mostrador.search_product
  where (version, n) > ($1::float8::bigint, least($2::float8, 2147483647)::int) order by version, n limit $3`
