import type { Sql } from "postgres"
import type { Answer } from "../../../support/http.ts"
import { normalise, send } from "../../compare.ts"
import { UNORDERED_IN_CARTS } from "../shop.ts"
import { Dice } from "./dice.ts"
import { NAMED_DIFFERENCES } from "./named-differences.ts"
import { Names } from "./names.ts"
import { type Happening, type Operation, Operations, type Standing } from "./operations.ts"
import { differences, readable } from "./report.ts"
import type { ReadRows, Rows } from "./rows.ts"
import { type Beginning, Shopper } from "./shopper.ts"
import type { AdminChange, World } from "./world.ts"

/** What came of the sequences so far. */
export interface Tally {
  steps: number
  /** By operation: how often it was done, and how often Medusa refused it. */
  operations: Map<string, { done: number; refused: number }>
  named: Map<string, number>
  /** What Medusa has said to what, without ids: `add: 400 The promotion code X is invalid`. */
  said: Map<string, number>
  /**
   * Sequences that ended before their time: the counter left a cart as it was, and Medusa did not; their ids put two
   * taxes of a line in another order (see `orderOfTaxes`); or it was tossed up which of two lines is discounted (`tossOf`).
   */
  parted: number
}

export const newTally = (): Tally => ({ steps: 0, operations: new Map(), named: new Map(), said: new Map(), parted: 0 })

const UNORDERED = new Set(UNORDERED_IN_CARTS)
const EXACTLY = { exactly: true, unordered: UNORDERED_IN_CARTS }
const SHOWN = 60

/**
 * Goes through a generated sequence with two carts, one at Medusa's port and one at the counter's, and holds answers,
 * carts and rows against each other after each step.
 *
 * @param only  names of operations; others do not come
 * @throws Error that tells the steps so far and what differs
 */
export async function expectSameSequence(
  world: World,
  readRows: ReadRows,
  seed: number,
  only: readonly string[] | undefined,
  tally: Tally,
): Promise<void> {
  const undo: AdminChange[] = []
  try {
    await new Sequence(world, readRows, seed, only, tally, undo).run()
  } finally {
    for (const change of undo.reverse()) await world.admin(change.undo)
  }
}

class Sequence {
  readonly #dice: Dice
  readonly #operations: Operations
  readonly #theirs: Shopper
  readonly #ours: Shopper
  readonly #told: string[] = []
  /** Deleted rows and addresses that no cart has are compared until Medusa has put back what the counter never changed. */
  #isExact = true

  constructor(
    readonly world: World,
    readonly readRows: ReadRows,
    readonly seed: number,
    only: readonly string[] | undefined,
    readonly tally: Tally,
    readonly undo: AdminChange[],
  ) {
    this.#dice = new Dice(seed)
    this.#operations = new Operations(world, this.#dice, only)
    const begun = Date.now()
    const timeline: Beginning[] = []
    const name = `seq${begun.toString(36)}`
    this.#theirs = new Shopper("a", world.sides.medusa, name, begun, timeline)
    this.#ours = new Shopper("b", world.sides.counter, name, begun, timeline)
  }

  async run(): Promise<void> {
    const length = this.#dice.between(5, 30)
    await this.#look()
    for (let step = 1; step <= length; step++) {
      const next = this.#operations.next(this.#standing())
      this.tally.steps++
      const goesOn = "path" in next ? await this.#step(next, step) : await this.#happens(next, step)
      if (!goesOn) {
        this.tally.parted++
        return
      }
    }
  }

  #standing(): Standing {
    const { carts, names, rows } = this.#theirs
    const cart = rows.cart?.find((it) => it.id === this.#theirs.cart)
    const address = rows.cart_address?.find((it) => it.id === cart?.shipping_address_id)
    return {
      isThere: carts.length > 0,
      lines: names.count("cali"),
      collections: names.count("pay_col"),
      country: address?.country_code ? String(address.country_code) : undefined,
    }
  }

  /** What an admin does, once for both; or what makes both carts an order's, without taking the stock. */
  async #happens(next: Happening, step: number): Promise<boolean> {
    if (next.name === "admin") {
      this.#told.push(
        `${step}. ${readable({ ...next.change.make, method: "POST", name: "admin", note: next.change.name })}`,
      )
      this.undo.push(next.change)
      await this.world.admin(next.change.make)
    } else {
      this.#told.push(`${step}. complete  (both carts, by SQL)`)
      const carts = [this.#theirs.cart, this.#ours.cart]
      await this.world.sql`update cart set completed_at = created_at where id = any(${carts}) and completed_at is null`
    }
    await this.#look()
    await this.#compare(step, [])
    return true
  }

  async #step(operation: Operation, step: number): Promise<boolean> {
    const [theirsBefore, oursBefore] = [this.#theirs, this.#ours].map(({ rows }) => textOf(rows))
    const before = this.#live()
    const medusa = await this.#theirs.does(operation, step)
    const counter = await this.#ours.does(operation, step)
    this.#told.push(`${step}. ${readable(operation)}  -> ${medusa.status} | ${counter.status}`)
    this.#count(operation, medusa)
    await this.#look()
    const isChanged = {
      theirs: textOf(this.#theirs.rows) !== theirsBefore,
      ours: textOf(this.#ours.rows) !== oursBefore,
    }

    const named = await this.#named(operation, medusa, counter, isChanged)
    if (named && !named.goesOn) return false
    const isRolledBack = medusa.status >= 400 && isChanged.theirs && !isChanged.ours
    if (isRolledBack) {
      // Medusa puts back what it has changed step by step, and some of it not at all.
      if (before !== this.#live()) return false
      this.#startAnew(step)
    }
    // Ids are named by the rows, which say more of each than an answer does.
    const rows = this.#rowDifferences()
    if (rows.length > 0 && rows.every((it) => OTHER_LINE.test(it)) && tossOf(this.#theirs) === tossOf(this.#ours)) {
      await this.#compare(step, [], { isTossed: true })
      return false
    }
    await this.#compare(step, [...(named ? [] : this.#answers(medusa, counter)), ...rows])
    return orderOfTaxes(this.#theirs) === orderOfTaxes(this.#ours)
  }

  async #named(operation: Operation, medusa: Answer, counter: Answer, isChanged: { theirs: boolean; ours: boolean }) {
    if (medusa.status === counter.status) return undefined
    const sql: Sql = this.world.sql
    for (const named of NAMED_DIFFERENCES) {
      if (!(await named.applies({ operation, medusa, counter, theirs: this.#theirs, isChanged, sql }))) continue
      this.tally.named.set(named.name, (this.tally.named.get(named.name) ?? 0) + 1)
      return named
    }
    return undefined
  }

  /** Medusa's cart as it lies there, whatever became of its deleted rows, of ids and of times. */
  #live(): string {
    const names = new Names(this.#theirs.begun)
    return JSON.stringify(this.#theirs.alikeRows({ dead: false, untimed: true, names }))
  }

  #startAnew(step: number): void {
    this.#isExact = false
    for (const shopper of [this.#theirs, this.#ours]) shopper.startAnew(step)
  }

  #count(operation: Operation, { status, body }: Answer): void {
    const { name } = operation
    const { operations, said } = this.tally
    const message = status < 400 ? "" : (body as { message?: string } | undefined)?.message
    const saying = `${name}: ${status} ${message?.replace(/\b[a-z_]+_[0-9A-Z]{26}\b/g, "<id>") ?? "?"}`
    const why = status >= 500 ? ` to ${readable(operation)}` : ""
    said.set(saying + why, (said.get(saying + why) ?? 0) + 1)
    const { done, refused } = operations.get(name) ?? { done: 0, refused: 0 }
    operations.set(name, { done: done + 1, refused: refused + (status >= 400 ? 1 : 0) })
  }

  async #look(): Promise<void> {
    await Promise.all([this.#theirs.look(this.readRows), this.#ours.look(this.readRows)])
  }

  #rowDifferences(): string[] {
    const of = (shopper: Shopper) => shopper.alikeRows({ dead: this.#isExact })
    return differences(of(this.#theirs), of(this.#ours), "rows")
  }

  #answers(medusa: Answer, counter: Answer): string[] {
    const of = (shopper: Shopper, { status, headers, body, text }: Answer) => ({
      status,
      type: headers.get("content-type")?.split(";")[0],
      body: shopper.names.alike(body ?? text, UNORDERED),
    })
    return differences(of(this.#theirs, medusa), of(this.#ours, counter), "answer")
  }

  /** Reads both carts at both ports. */
  async #compare(step: number, found: string[], { isTossed = false } = {}): Promise<void> {
    const all = [...found]
    const [theirs, ours] = await Promise.all([this.#read(this.#theirs), this.#read(this.#ours)])
    if (theirs && ours) {
      all.push(...differences(theirs.atMedusa, theirs.atCounter, "Medusa's cart, read at Medusa's port and at ours"))
      all.push(...differences(ours.atMedusa, ours.atCounter, "our cart, read at Medusa's port and at ours"))
      if (!isTossed) all.push(...differences(theirs.alike, ours.alike, "cart"))
    }
    if (all.length === 0) return
    const { variants, regions, channels } = this.world
    const known = Object.entries({ ...variants, ...regions, ...channels })
    const steps = known.reduce((text, [name, id]) => text.replaceAll(id, `<${name}>`), this.#told.join("\n"))
    const left = all.length > SHOWN ? `\n... and ${all.length - SHOWN} more` : ""
    const again = `SEQUENCE_SEED=${this.seed} SEQUENCE_RUNS=1`
    throw new Error(
      `Step ${step} differs (${again}). Carts ${this.#theirs.cart} | ${this.#ours.cart}\n${steps}\n\n` +
        `Medusa | counter:\n${all.slice(0, SHOWN).join("\n")}${left}`,
    )
  }

  async #read(shopper: Shopper) {
    if (shopper.carts.length === 0) return undefined
    const { sides, keys } = this.world
    const asked = { path: `/store/carts/${shopper.cart}`, headers: keys.web }
    const [medusa, counter] = await Promise.all([send(sides.medusa, asked), send(sides.counter, asked)])
    const exactly = ({ status, body, text }: Answer) => ({ status, body: normalise(body ?? text, EXACTLY) })
    return {
      atMedusa: exactly(medusa),
      atCounter: exactly(counter),
      alike: { status: medusa.status, body: shopper.names.alike(medusa.body ?? medusa.text, UNORDERED) },
    }
  }
}

/**
 * The taxes of each line in the order of their ids. Medusa gives the first one another rate when the line changes, and of
 * two that it has made in one millisecond either may be the first.
 */
function orderOfTaxes({ rows }: Shopper): string {
  const orders = [
    ["cart_line_item", "cart_line_item_tax_line", "item_id"] as const,
    ["cart_shipping_method", "cart_shipping_method_tax_line", "shipping_method_id"] as const,
  ].flatMap(([table, taxes, parent]) =>
    (rows[table] ?? []).map(({ id, variant_id, shipping_option_id, quantity, metadata, deleted_at }) => {
      const own = (rows[taxes] ?? []).filter((it) => it[parent] === id && it.deleted_at === null)
      const codes = own.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)).map(({ code, rate }) => [code, rate])
      return JSON.stringify([variant_id, shipping_option_id, quantity, metadata, deleted_at === null, codes])
    }),
  )
  return orders.sort().join("\n")
}

/** A discount that differs in nothing but the line that has it. */
const OTHER_LINE = /^rows\.cart_line_item_adjustment\.\S+\.item_id: /

/**
 * Discounts by what their lines are of and cost. Which of several lines of one price a buy-get promotion discounts hangs
 * in Medusa on the order in which it has read them, and it asks for none.
 */
function tossOf({ rows }: Shopper): string {
  const lines = new Map((rows.cart_line_item ?? []).map((it) => [it.id, it]))
  const discounts = (rows.cart_line_item_adjustment ?? []).map(({ item_id, code, amount, deleted_at }) => {
    const line = lines.get(item_id as string)
    return JSON.stringify([code, amount, deleted_at === null, line?.unit_price, line?.quantity])
  })
  return discounts.sort().join("\n")
}

/** Rows as a text that says nothing of the order in which they were read, which is that of a plan. */
const textOf = (rows: Rows) =>
  JSON.stringify(Object.entries(rows).map(([table, of]) => [table, of.map((row) => JSON.stringify(row)).sort()]))
