import type { ISql, PendingQuery, Row } from "postgres"
import { endOf, numberOf, plain, usualWays } from "./phones.ts"

/** What is known of the customer who is looked for: one of these. */
export type Wanted =
  | { phone: string }
  | { email: string }
  /** Of his card: `customer.metadata.loyalty_code`. */
  | { loyalty_code: string }
  /** A piece of his name, of his company's, or of his address. */
  | { q: string }

export interface FoundCustomer {
  id: string
  first_name: string | null
  last_name: string | null
  email: string | null
  phone: string | null
  /** His open cart. */
  cart_id: string | null
}

const MOST = 20
/** Of numbers that end alike, so many are looked at: somebody may give a thousand accounts such ones. */
const MOST_ALIKE = 500

/**
 * Finds customers, those with an account first. Each way has an index of its own (the
 * expressions are those of the indexes `mostrador_customer_...`, to the letter), so that it takes as long whether there
 * are a thousand customers or a million.
 *
 * @param country  where a telephone number without a country is from
 */
export async function findCustomers(sql: ISql, wanted: Wanted, country: string | undefined): Promise<FoundCustomer[]> {
  if ("phone" in wanted) {
    const number = numberOf(wanted.phone, country)
    if (number === undefined) return []
    return await byNumber(sql, number, country)
  }
  if ("email" in wanted) return await select(sql, sql`lower(email) = ${wanted.email.trim().toLowerCase()}`)
  if ("loyalty_code" in wanted) {
    const code = wanted.loyalty_code.trim().toUpperCase()
    const coded = sql`upper(metadata->>'loyalty_code') = ${code} and metadata->>'loyalty_code' is not null`
    return await select(sql, coded)
  }
  const words = wanted.q.trim().split(/\s+/)
  const text = sql`(coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' || coalesce(company_name, '') || ' ' ||
    coalesce(email, ''))`
  const each = words.map((word) => sql`${text} ilike ${`%${word.replace(/[\\%_]/g, "\\$&")}%`}`)
  return await select(
    sql,
    each.reduce((all, it) => sql`${all} and ${it}`),
  )
}

/**
 * Who has the number written in a usual way is found in any case; who has it in some other way, by its last digits. Which
 * of those it is that have these is seen here.
 */
async function byNumber(sql: ISql, number: string, country: string | undefined): Promise<FoundCustomer[]> {
  const ways = usualWays(number, country)
  const rows = await select(
    sql,
    sql`id in (
      (select id from customer where translate(phone, ' ().-/', '') = any(${ways}) and deleted_at is null
        order by has_account desc, id limit ${MOST})
      union all
      (select id from customer
        where right(regexp_replace(phone, '\\D', '', 'g'), 6) = ${endOf(number)} and deleted_at is null
        limit ${MOST_ALIKE}))`,
    MOST + MOST_ALIKE,
  )
  const isHis = (phone: string) => ways.includes(plain(phone)) || numberOf(phone, country) === number
  return rows.filter(({ phone }) => phone !== null && isHis(phone)).slice(0, MOST)
}

const select = async (sql: ISql, condition: PendingQuery<Row[]>, most = MOST): Promise<FoundCustomer[]> =>
  await sql<FoundCustomer[]>`
    select id, first_name, last_name, email, phone,
      (select cart_id from mostrador.cart_owner where customer_id = customer.id and is_open) as cart_id
    from customer where ${condition} and deleted_at is null
    order by has_account desc, id limit ${most}`
