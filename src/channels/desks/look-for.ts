import { reach } from "../../commerce/carts/index.ts"
import { type FoundCustomer, findCustomers, numberOf, type Wanted } from "../../commerce/customers/index.ts"
import type { Services } from "../counter.ts"
import type { Desk } from "../desk.ts"
import { wrongParameter } from "../parameters.ts"

/**
 * Looks for a customer by one thing that he says of himself. Whoever is found, and his open cart, answer to the desk from
 * now on, which is remembered.
 *
 * @param ways  the parameters by which it can be done here
 * @throws WireError 400 when nothing is said, or more than one thing, or a telephone number that is none
 */
export async function lookForCustomers(
  { database: { sql } }: Services,
  { worker, country }: Desk,
  asked: Partial<Record<"phone" | "email" | "loyalty_code" | "q", string | undefined>>,
  ways: readonly string[],
): Promise<FoundCustomer[]> {
  const given = Object.entries(asked).filter((it): it is [string, string] => it[1] !== undefined)
  const [one, ...more] = given
  if (!one || more.length > 0) throw wrongParameter(undefined, `one of ${ways.join(", ")} is needed`)
  const [name, value] = one
  if (name === "phone" && numberOf(value, country) === undefined) {
    throw wrongParameter("phone", "is no telephone number; from abroad it begins with + and the country")
  }
  const found = await findCustomers(sql, { [name]: value } as unknown as Wanted, country)
  const subjects = found.flatMap(({ id, cart_id }) => [
    { id, of: "customer" as const },
    ...(cart_id === null ? [] : [{ id: cart_id, of: "cart" as const }]),
  ])
  if (subjects.length > 0) await sql.begin((tx) => reach(tx, worker, subjects, "found"))
  return found
}
