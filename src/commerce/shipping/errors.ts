/** Why a cart cannot be shipped as was asked. Medusa answers each with 400 `invalid_data` and this message. */
export abstract class ShippingRefused extends Error {}

/** The cart lacks what has to be known before anything can be offered. */
export class CartIncomplete extends ShippingRefused {
  constructor(readonly fields: readonly string[]) {
    super(`Field(s) are required to have value to continue - ${fields.join(", ")}`)
  }
}

/** Some of the options do not exist, or do not go from the cart's channel to its address. */
export class OptionsNotOffered extends ShippingRefused {
  constructor(readonly option_ids: readonly string[]) {
    super("Shipping Options are invalid for cart.")
  }
}

/** Some of the options cost nothing that is known in the cart's currency and circumstances. */
export class OptionsWithoutPrice extends ShippingRefused {
  constructor(readonly option_ids: readonly string[]) {
    super(`Shipping options with IDs ${option_ids.join(", ")} do not have a price`)
  }
}
