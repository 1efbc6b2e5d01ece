/** What somebody may do: sell at a till, sell by telephone, or both. */
export const ROLES = ["cashier", "agent", "supervisor"] as const
export type Role = (typeof ROLES)[number]

/** A room of the shop's own people. */
export type Desk = "till" | "telephone"

/** Whether a role may work there. A supervisor may do what a cashier and an agent may. */
export const worksAt = (role: Role, desk: Desk) =>
  role === "supervisor" || role === (desk === "till" ? "cashier" : "agent")

/** Who works: as the rooms know him. */
export interface Staff {
  user_id: string
  email: string
  first_name: string | null
  last_name: string | null
  role: Role
}

/** A member of staff, as the merchant sees him. */
export interface StaffMember extends Staff {
  is_active: boolean
  /** Whose tills he may sign in at. */
  stock_location_ids: string[]
  has_pin: boolean
  /** After wrong PINs; null: he may try. ISO, as all times here. */
  locked_until: string | null
  created_at: string
  updated_at: string
}

/** It does not fit what there is. Nothing has been written. */
export class StaffRefused extends Error {
  constructor(
    readonly code: "unknown_user" | "unknown_location" | "is_staff" | "would_be_administrator",
    readonly ids: string[],
  ) {
    super(`The member of staff is refused: ${code}`)
  }
}
