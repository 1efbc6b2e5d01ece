import type { Sql } from "postgres"
import type { Answer } from "../../../support/http.ts"
import type { Operation } from "./operations.ts"
import type { Shopper } from "./shopper.ts"

/** A step as both sides have answered it. */
export interface Step {
  operation: Operation
  medusa: Answer
  counter: Answer
  theirs: Shopper
  /** Whether the rows of either side are other ones than before. */
  isChanged: { theirs: boolean; ours: boolean }
  sql: Sql
}

/**
 * What the counter may answer otherwise than Medusa, and why. Nothing else may differ.
 *
 * @returns whether a step is one of it; a counter that answers as Medusa does is never asked for a reason
 */
export interface NamedDifference {
  name: string
  why: string
  applies(step: Step): boolean | Promise<boolean>
  /** Both carts are what they were: the sequence goes on. Otherwise they part here. */
  goesOn: boolean
}

const codeOf = (answer: Answer) => (answer.body as { code?: string } | undefined)?.code

/** What Medusa says when it has failed itself. */
const failed = (answer: Answer) => answer.status === 500 && codeOf(answer) === "unknown_error"

const asked = ({ path, body }: Operation) => `${path} ${JSON.stringify(body ?? "")}`
const linesOf = (shopper: Shopper) => shopper.rows.cart_line_item ?? []

/** The requests that Medusa answers with 500 though they are merely wrong, and what the counter may say to them. */
const WRONG_NOT_BROKEN: { names: string[]; when: (step: Step) => boolean; statuses: number[] }[] = [
  {
    // `validateCartStep` and the refresh of a deleted line's cart read a cart that is not there.
    ...{ names: ["promote", "demote", "remove"], statuses: [404] },
    when: ({ operation }) => asked(operation).includes("cart_unknown"),
  },
  {
    // Postgres' "integer out of range", also of a sum, or a number with more digits than one of JavaScript's.
    ...{ names: ["create", "add", "change"], statuses: [400] },
    when: ({ operation, theirs }) =>
      /"quantity":\d{10}/.test(asked(operation)) || linesOf(theirs).some((line) => Number(line.quantity) >= 1e9),
  },
]

export const NAMED_DIFFERENCES: NamedDifference[] = [
  {
    name: "wrong, not broken",
    why: "Medusa fails (500) where the request is wrong; the counter says what is wrong (400, 404)",
    applies: (step) =>
      failed(step.medusa) &&
      !step.isChanged.ours &&
      WRONG_NOT_BROKEN.some(
        ({ names, when, statuses }) =>
          names.includes(step.operation.name) && statuses.includes(step.counter.status) && when(step),
      ),
    goesOn: true,
  },
  {
    name: "null in a list",
    why: "Medusa fails (500) at each update of a cart or line whose metadata has a list with a null in it",
    applies: ({ operation, medusa, counter, theirs }) =>
      failed(medusa) &&
      counter.status === 200 &&
      [asked(operation), ...linesOf(theirs).map((line) => String(line.metadata))].some((text) =>
        /\[([^[\]]*,)?\s*null/.test(text),
      ),
    goesOn: false,
  },
  {
    name: "stock of several lines",
    why: "lines that take from one inventory item are checked together; Medusa checks each alone (medusajs/medusa 16502)",
    applies: async ({ medusa, counter, isChanged, theirs, sql }) =>
      medusa.status === 200 &&
      counter.status === 400 &&
      codeOf(counter) === "insufficient_inventory" &&
      !isChanged.ours &&
      (await sharesStock(sql, theirs.cart)),
    goesOn: false,
  },
]

/** Whether two lines of a cart take from one inventory item. */
async function sharesStock(sql: Sql, cart: string): Promise<boolean> {
  const rows = await sql`
    select link.inventory_item_id
    from cart_line_item line join product_variant_inventory_item link on link.variant_id = line.variant_id
    where line.cart_id = ${cart} and line.deleted_at is null and link.deleted_at is null
    group by 1 having count(*) > 1`
  return rows.length > 0
}
