/** Why a cart is not changed as was asked, in Medusa's words. Nothing has been written. */
export class CartRefused extends Error {
  constructor(
    /** Medusa's, which stands for the status of an answer: 404 for `not_found`, else 400. */
    readonly type: "invalid_data" | "not_allowed" | "not_found",
    message: string,
    readonly code?: string,
    /** What the message cannot say, for programs. */
    readonly details?: object,
  ) {
    super(message)
  }
}

export const cartNotFound = (id: string) => new CartRefused("not_found", `Cart id not found: ${id}`)

export const invalid = (message: string) => new CartRefused("invalid_data", message)

/** Only Medusa can make this change as Medusa makes it: it is to be asked. Nothing has been written. */
export class OnlyMedusa extends Error {
  /** @param reason  for the log: what it is that nobody here knows */
  constructor(readonly reason: string) {
    super(`Only Medusa can tell: ${reason}`)
  }
}

/** It is to be paid by a provider that has to be told of another amount: Medusa ends what was begun there. */
export class PaymentInTheWay extends OnlyMedusa {
  constructor() {
    super("a payment provider has to be told that the amount has changed")
  }
}

/**
 * What is named is not among what is held in memory: Medusa refuses it, unless somebody has made it just now. Where there
 * is no Medusa to ask it is refused in Medusa's words.
 */
export class NotKnownHere extends OnlyMedusa {
  constructor(
    reason: string,
    readonly refusal: CartRefused,
  ) {
    super(reason)
  }
}
