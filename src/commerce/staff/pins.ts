import type { Sql } from "postgres"
import { isPin, tokenHash } from "../../platform/auth/index.ts"

/** So many wrong ones, then he waits. */
export const PIN_TRIES = 5
export const PIN_LOCK_MINUTES = 15
/** Wrong ones are forgotten after a day without any. */
const FORGOTTEN_HOURS = 24

/** The person or the PIN is wrong: which one is not told. */
export class PinWrong extends Error {
  /** @param isLast  from now on he is locked out */
  constructor(
    readonly userId: string | null,
    readonly isLast: boolean,
  ) {
    super("The person or the PIN is wrong")
  }
}

/** There were too many wrong ones. */
export class PinLocked extends Error {
  constructor(readonly userId: string | null) {
    super("There were too many wrong PINs")
  }
}

/** As somebody types who he is. */
export type Named = { user_id: string } | { email: string }

/**
 * Finds out who it is by his PIN. Tries are counted before they are looked at, so that who sends a thousand at once has
 * five; of somebody whom there is not, as of everybody else, and it takes as long.
 *
 * @returns who it is, and by what it was seen: for who lets him in only if that is still his PIN
 * @throws PinWrong, PinLocked
 */
export async function identify(
  sql: Sql,
  named: Named,
  pin: string,
): Promise<{ user_id: string; pin_hash: string | null }> {
  const member = await find(sql, named)
  const who = member?.user_id ?? tokenHash(JSON.stringify(named).toLowerCase())
  const tries = await countTry(sql, who)
  if (tries === undefined) throw new PinLocked(member?.user_id ?? null)
  const isRight = await isPin(pin, member?.pin_hash ?? null)
  if (!member || !isRight || !member.is_active) throw new PinWrong(member?.user_id ?? null, tries >= PIN_TRIES)
  await forgive(sql, member.user_id)
  return member
}

async function find(sql: Sql, named: Named) {
  const [member] = await sql<{ user_id: string; pin_hash: string | null; is_active: boolean }[]>`
    select user_id, pin_hash, is_active from mostrador.staff_member
    join "user" on "user".id = user_id and "user".deleted_at is null
    where ${"user_id" in named ? sql`user_id = ${named.user_id}` : sql`lower(email) = lower(${named.email})`}`
  return member
}

/** @returns how many there were, with this one; undefined when he is locked out */
async function countTry(sql: Sql, who: string): Promise<number | undefined> {
  const [row] = await sql<{ count: number }[]>`
    with forgotten as (
      delete from mostrador.pin_failure where who in (
        select who from mostrador.pin_failure where at < now() - make_interval(hours => ${FORGOTTEN_HOURS}) and who <> ${who}
        limit 20 for update skip locked)
    )
    insert into mostrador.pin_failure as known (who, count) values (${who}, 1)
    on conflict (who) do update set
      (count, locked_until, at) = (
        select tries, case when tries >= ${PIN_TRIES} then now() + make_interval(mins => ${PIN_LOCK_MINUTES}) end, now()
        from (select case when known.locked_until is not null
            or known.at < now() - make_interval(hours => ${FORGOTTEN_HOURS}) then 1 else known.count + 1 end) now_is (tries))
      where known.locked_until is null or known.locked_until <= now()
    returning count`
  return row?.count
}

/** Forgets wrong PINs, and lets him try again. */
export async function forgive(sql: Pick<Sql, "unsafe">, userId: string): Promise<void> {
  await sql.unsafe("delete from mostrador.pin_failure where who = $1", [userId])
}

/** The middle keys of a telephone from top to bottom, and what else everybody tries first. */
const FAVOURITES = new Set(["2580", "0852", "1122", "1313", "6969", "5683", "2468", "1357", "0007"])

/** Whether a PIN is among those that are tried first: one digit, a row of digits, a piece that repeats itself. */
export function isGuessable(pin: string): boolean {
  const digits = [...pin].map(Number)
  const isRow = (step: number) => digits.every((it, at) => at === 0 || it === ((digits[at - 1] ?? 0) + step + 10) % 10)
  return FAVOURITES.has(pin) || isRow(1) || isRow(-1) || /^(.{1,4}?)\1+$/.test(pin)
}
