import { isDeepStrictEqual } from "node:util"
import type { NewEvent } from "../../../platform/events/index.ts"
import { newId } from "../../../platform/ids.ts"
import type { Cart } from "../cart.ts"
import { type ChangedBy, type Glance, glanceAt } from "./events.ts"
import type { Merge } from "./merge.ts"
import type { Moved } from "./move.ts"
import type { LinkedPromotion, Row, Table, TableChanges } from "./rows.ts"

/**
 * A cart while it is changed: the cart as it is after what was done so far, and the rows that make the difference to
 * what stands in the database. Nothing is written before `writeDraft`.
 *
 * As in Medusa, a row's `updated_at` moves only when one of its columns gets another value.
 */
export class Draft {
  readonly changes = new Map<Table, TableChanges>()
  /** The cart's links to promotions from now on: these and no others. Given when its promotions were computed. */
  links: readonly LinkedPromotion[] | undefined
  /** The payment collection whose sessions end, since what is to be paid has changed. */
  endedPayments: { collection_id: string; session_ids: readonly string[] } | undefined
  /** Whoever changes the cart looks at the end whether a payment that was begun is in the way, and not at each step. */
  looksAtPaymentLast = false
  /** A payment provider has to be told that the amount has changed. */
  isPaymentInTheWay = false
  /** What is told of the change beside the cart's own event. */
  readonly also: Omit<NewEvent, keyof ChangedBy>[] = []
  /** Of several changes that are written as one, those before the last: what is told of each. */
  readonly steps: Omit<NewEvent, keyof ChangedBy>[] = []
  /** What a device did while it was offline, of which the change is told. */
  operation: { id: string; done_at: string | null } | undefined
  /** What came of another cart that was merged into it. */
  merge: Merge | undefined
  /** What came of bringing it to another region, at a till. */
  moved: Moved | undefined
  /** So many versions are left out, since a cart that was merged into it has had them. */
  leap = 0
  /** The cart as it was before the change, or the last of several; null for a new one. */
  before: Glance | null
  /** The moment of the change, ISO. */
  readonly now = new Date().toISOString()

  private customer: Cart["customer"]
  private undoing: (() => void)[] | undefined

  /** @param cart  its rows are the draft's own from now on, and change with it */
  constructor(
    readonly cart: Cart,
    { isNew = false } = {},
  ) {
    this.before = isNew ? null : glanceAt(cart)
    this.customer = cart.customer
  }

  /** Gives the cart links to these promotions, and to no others. */
  link(promotionIds: readonly string[]): void {
    const { cart, links = [] } = this
    if (promotionIds.length === 0 && cart.promotions.length === 0 && links.length === 0) return
    this.links = promotionIds.map((promotion_id) => ({ id: newId("cartpromo"), promotion_id }))
    cart.promotions = cart.promotions.filter((it) => it && promotionIds.includes(it.id))
  }

  /**
   * Whether the cart here is all that the database will have of it. Of a promotion that is new to the cart, or another
   * customer, it has rows that nobody has read.
   */
  get isWhole(): boolean {
    const { cart, customer, links } = this
    return cart.customer === customer && (links === undefined || links.length === cart.promotions.length)
  }

  /** @param columns  the row is this very object */
  create<T extends object>(table: Table, columns: T & Row): T & Stamps {
    const row = Object.assign(columns, { created_at: this.now, updated_at: this.now, deleted_at: null })
    const { created } = this.of(table)
    created.set(row.id, row)
    this.undoing?.push(() => created.delete(row.id))
    return row
  }

  /**
   * @param isTouched  the row counts as changed even if it is not
   * @returns whether there was anything to change
   */
  update<T extends Row>(table: Table, row: T, columns: Partial<T>, isTouched = false): boolean {
    const changed = Object.entries(columns).filter(
      ([name, value]) => value !== undefined && !isSame((row as Columns)[name], value),
    )
    if (changed.length === 0 && !isTouched) return false
    this.assign(row, { ...Object.fromEntries(changed), updated_at: this.now })
    const { created, updated } = this.of(table)
    if (created.has(row.id)) return true
    const known = updated.get(row.id)
    const names = new Set([...(known?.columns ?? ["updated_at"]), ...changed.map(([name]) => name)])
    updated.set(row.id, { row, columns: names })
    this.undoing?.push(() => (known ? updated.set(row.id, known) : updated.delete(row.id)))
    return true
  }

  /** Deletes rows softly; what was made by this very draft is written as a deleted row, as Medusa leaves it. */
  remove(table: Table, rows: readonly Row[]): void {
    if (rows.length === 0) return
    const { created, updated, removed } = this.of(table)
    for (const { id } of rows) {
      const own = created.get(id)
      if (own) {
        this.assign(own, { deleted_at: this.now })
        continue
      }
      if (removed.has(id)) continue
      const known = updated.get(id)
      updated.delete(id)
      removed.add(id)
      this.undoing?.push(() => {
        if (known) updated.set(id, known)
        removed.delete(id)
      })
    }
  }

  /**
   * From now on it is noted what undoes each change of a row, so that undoing a step costs as much as doing it. Lists and
   * relations, which whoever changes the cart puts in himself, are kept as they are.
   *
   * @returns what makes the draft what it is now; not after it was saved again
   */
  save(): () => void {
    const { cart, links, endedPayments, isPaymentInTheWay, customer } = this
    const undoing: (() => void)[] = []
    this.undoing = undoing
    const restored = shapeOf(cart)
    return () => {
      for (const undo of undoing.reverse()) undo()
      restored()
      Object.assign(this, { links, endedPayments, isPaymentInTheWay, customer, undoing: undefined })
    }
  }

  /** Rows that were made and taken away again before anybody could see them are not written. */
  forgetPassing(tables: readonly Table[]): void {
    for (const table of tables) {
      const created = this.changes.get(table)?.created
      for (const [id, row] of created ?? []) if ((row as Partial<Stamps>).deleted_at) created?.delete(id)
    }
  }

  private assign(row: object, columns: object): void {
    const before = Object.fromEntries(Object.keys(columns).map((name) => [name, (row as Columns)[name]]))
    this.undoing?.push(() => Object.assign(row, before))
    Object.assign(row, columns)
  }

  private of(table: Table): TableChanges {
    const known = this.changes.get(table)
    if (known) return known
    const none: TableChanges = { created: new Map(), updated: new Map(), removed: new Set() }
    this.changes.set(table, none)
    this.undoing?.push(() => this.changes.delete(table))
    return none
  }
}

type Columns = Record<string, unknown>
type Stamps = { created_at: string; updated_at: string; deleted_at: null }

/** @returns what gives the cart the columns, lists and relations that it has now; the rows themselves are the draft's */
function shapeOf(cart: Cart): () => void {
  const priced = [...cart.items, ...cart.shipping_methods].map((row) => {
    const { tax_lines, adjustments } = row
    return { row, tax_lines: [...tax_lines], adjustments: [...adjustments] }
  })
  const { payment_collection } = cart
  const collection = { ...payment_collection }
  const was = { ...cart, items: [...cart.items], shipping_methods: [...cart.shipping_methods] }
  return () => {
    for (const { row, ...lists } of priced) Object.assign(row, lists)
    if (payment_collection) Object.assign(payment_collection, collection)
    for (const name of Object.keys(cart)) delete (cart as Cart & Columns)[name]
    Object.assign(cart, was)
  }
}

const isSame = (a: unknown, b: unknown) =>
  a === b || (typeof a === "object" && typeof b === "object" && isDeepStrictEqual(a, b))
