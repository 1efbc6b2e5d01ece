import type { Role } from "./member.ts"

/** What somebody may of the back office. */
export interface Standing {
  /** Null: none, and no user any more. */
  role: Role | null
  is_active: boolean
}

/**
 * What a user (`$1`) was made here, also when he works no more; no row for an administrator, who is a user and no staff.
 * Who is no user any more is not active, while a token of his is still good, also when he was taken off the staff.
 *
 * A text, since it is asked on both sides: by the counter, and inside Medusa (`src/api/back-office.ts`).
 */
export const STANDING = `
  select member.role, coalesce(member.is_active, true) and person.deleted_at is null as is_active
  from (select $1::text as id) asked
  left join "user" person on person.id = asked.id
  left join mostrador.staff_member member on member.user_id = asked.id
  where member.user_id is not null or person.deleted_at is not null`
