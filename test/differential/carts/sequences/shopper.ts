import type { Answer } from "../../../support/http.ts"
import { type Asked, send } from "../../compare.ts"
import { Names } from "./names.ts"
import type { Operation } from "./operations.ts"
import type { ReadRows, Row, Rows } from "./rows.ts"

/** When a step began, and whose it was. */
export interface Beginning {
  at: number
  step: number
  whose: Letter
}

export type Letter = "a" | "b"

/** What of the rows is compared. */
interface Compared {
  /** Deleted rows too, and addresses that no cart has. */
  dead: boolean
  untimed?: boolean
  names?: Names
}

/** Names of these kinds are given anew by every cart operation, so that they say little once Medusa has put some back. */
const CHURNED = ["calitxl", "caliadj", "casmtxl", "casmadj", "cartpromo", "caaddr", "cus"]

/**
 * One of two shoppers who do the same with carts of their own: `a` at Medusa's port, `b` at the counter's.
 */
export class Shopper {
  readonly names: Names
  readonly carts: string[] = []
  rows: Rows = {}
  /** Steps up to this one are told apart no more: what Medusa left behind of a refused step has other times. */
  horizon = 0

  /** @param timeline  beginnings of the steps of both, by time */
  constructor(
    readonly letter: Letter,
    readonly port: string,
    readonly sequence: string,
    readonly begun: number,
    readonly timeline: Beginning[],
  ) {
    this.names = new Names(begun)
  }

  get cart(): string {
    return this.carts.at(-1) ?? "cart_00000000000000000000000000"
  }

  /** The request of an operation: `$cart`, `$line2`, `$mine` stand for what is this shopper's own. */
  request({ method, path, body, headers }: Operation): Asked {
    const raw = typeof body === "string"
    const text = raw ? this.#filled(body) : JSON.parse(this.#filled(JSON.stringify(body ?? null)))
    return { method, path: this.#filled(path), headers, ...(body === undefined ? {} : { body: text }) }
  }

  async does(operation: Operation, step: number): Promise<Answer> {
    this.timeline.push({ at: Date.now(), step, whose: this.letter })
    const answer = await send(this.port, this.request(operation))
    if (operation.name === "create" && answer.status === 200) {
      this.carts.push((answer.body as { cart: { id: string } }).cart.id)
    }
    return answer
  }

  #filled(text: string): string {
    return text
      .replaceAll("$cart", this.cart)
      .replace(/\$(shipping|billing)_address/g, (_, kind: string) => this.#addressId(`${kind}_address_id`))
      .replaceAll("$mine", `${this.sequence}-${this.letter}`)
      .replace(/\$([a-z_]+)(\d+)/g, (_, kind: string, number: string) => this.names.idOf(`${kind}#${number}`))
  }

  #addressId(column: string): string {
    const cart = this.rows.cart?.find(({ id }) => id === this.cart)
    return String(cart?.[column] ?? "caaddr_00000000000000000000000000")
  }

  /** Reads the rows of this shopper's carts, and names what is new. */
  async look(read: ReadRows): Promise<void> {
    const rows = await read(this.carts, this.begun)
    const mine = (row: Row) => this.#beginning(Number(row.created_at))?.whose === this.letter
    this.rows = {
      ...rows,
      cart_address: rows.cart_address?.filter(mine) ?? [],
      customer: rows.customer?.filter(mine) ?? [],
    }
  }

  /**
   * The rows as both shoppers' can be held against each other: with names for ids, and for times the steps in which they
   * lie.
   */
  alikeRows({ dead, untimed = false, names = this.names }: Compared): Record<string, unknown> {
    const used = this.#addressesInUse()
    return Object.fromEntries(
      Object.entries(this.rows).map(([table, rows]) => {
        const shown = rows
          .filter((row) => (row.deleted_at ?? null) === null || dead)
          .filter((row) => table !== "cart_address" || dead || used.has(String(row.id)))
          .map((row) => ({
            ...this.#timed(table, row, untimed),
            ...(table === "cart_address" ? { used: used.get(String(row.id)) ?? "" } : {}),
          }))
        return [table, names.alike(shown, true)]
      }),
    )
  }

  /** After Medusa has put back what it could: what is compared from now on is what carts are, not how they came to be. */
  startAnew(step: number): void {
    this.horizon = step
    this.names.forget(CHURNED, step * 1000)
  }

  #addressesInUse(): Map<string, string> {
    const used = new Map<string, string>()
    for (const cart of this.rows.cart ?? []) {
      for (const column of ["shipping_address_id", "billing_address_id"]) {
        const id = cart[column]
        if (id) used.set(String(id), `${used.get(String(id)) ?? ""} ${column}`)
      }
    }
    return used
  }

  #timed(table: string, row: Row, untimed: boolean): Row {
    // With a line Medusa deletes its taxes and discounts once more, also those that were deleted long ago.
    const isStampedAgain = /^cart_line_item_/.test(table) && row.deleted_at !== null
    const when = (column: string, time: number) =>
      untimed || (isStampedAgain && column !== "created_at") ? "then" : this.#when(time)
    return Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        column.endsWith("_at") && typeof value === "number" ? when(column, value) : value,
      ]),
    )
  }

  #when(time: number): string {
    const found = this.#beginning(time)
    if (!found || found.step <= this.horizon) return "before"
    return found.whose === this.letter ? `step ${found.step}` : `step ${found.step} of the other`
  }

  #beginning(time: number): Beginning | undefined {
    return this.timeline.findLast(({ at }) => at <= time)
  }
}
