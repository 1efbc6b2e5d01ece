import type { Staff } from "../staff/index.ts"

/** A till, as the merchant sees it. */
export interface Till {
  id: string
  name: string
  stock_location_id: string
  channel_id: string
  /** `unpaired`: no device has it yet. */
  status: "unpaired" | "paired" | "revoked"
  /** Until then the code opens it that was made last; null: there is none. ISO, as all times here. */
  pairing_expires_at: string | null
  paired_at: string | null
  revoked_at: string | null
  receipt_prefix: string
  last_receipt_number: number
  /** Who is signed in there. */
  cashier: { user_id: string; signed_in_at: string; expires_at: string } | null
  created_at: string
  updated_at: string
}

/** A stock location's address. */
export interface ShopAddress {
  /** The location's name, unless it says another. */
  company: string
  address_1: string
  address_2: string | null
  city: string | null
  postal_code: string | null
  province: string | null
  /** ISO 3166, in small letters. */
  country_code: string
  phone: string | null
}

/** A till as it is known by its token. */
export interface KnownTill {
  id: string
  name: string
  stock_location_id: string
  location_name: string
  /** Where it stands; null: nobody has said. */
  address: ShopAddress | null
  channel_id: string
  is_revoked: boolean
}

/** Why a session does not open anything any more. */
export type SessionEnd =
  | "unknown"
  | "of_other_till"
  | "signed_out"
  | "another_sign_in"
  | "till_revoked"
  | "till_paired"
  | "till_moved"
  | "expired"
  | "member_changed"

/** Who is signed in, and until when. */
export interface TillSession {
  staff: Staff
  /** ISO. */
  signed_in_at: string
  expires_at: string
}

/** It does not fit what there is. Nothing has been written. */
export class TillRefused extends Error {
  constructor(
    readonly code:
      | "unknown_location"
      | "unknown_channel"
      | "channel_not_pos"
      | "name_taken"
      | "prefix_taken"
      | "has_receipts",
  ) {
    super(`The till is refused: ${code}`)
  }
}

/** No device is waited for with this code: it was never given, was used, or is too old. */
export class PairingCodeWrong extends Error {}

/** The till was revoked, or is gone, while somebody signed in. */
export class TillClosed extends Error {}

/** His role is not for that. */
export class RoleNotAllowed extends Error {
  constructor(readonly userId: string) {
    super("The role is not for this")
  }
}

/** He may not work in this shop. */
export class PlaceNotAllowed extends Error {
  constructor(readonly userId: string) {
    super("The place is not among those where he may work")
  }
}
