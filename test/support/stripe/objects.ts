/** Stripe's objects as they are answered, with the fields that a shop reads. A reference to another object is its id. */

export type Metadata = Record<string, string>

/** Why the last attempt to pay has failed; also the `error` of the answer that told so. */
export interface PaymentError {
  type: "card_error" | "invalid_request_error"
  code: string
  decline_code?: string
  doc_url: string
  message: string
  param?: string
  charge?: string
  payment_method?: PaymentMethod
}

export type IntentStatus =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "processing"
  | "requires_capture"
  | "succeeded"
  | "canceled"

export type NextAction =
  | { type: "redirect_to_url"; redirect_to_url: { return_url: string; url: string } }
  | { type: "use_stripe_sdk"; use_stripe_sdk: { type: "three_d_secure_redirect"; stripe_js: string; source: string } }

export type CaptureMethod = "automatic" | "automatic_async" | "manual"

export interface PaymentIntent {
  id: string
  object: "payment_intent"
  amount: number
  amount_capturable: number
  amount_received: number
  application: null
  application_fee_amount: null
  automatic_payment_methods: { allow_redirects: "always" | "never"; enabled: boolean } | null
  canceled_at: number | null
  cancellation_reason: string | null
  capture_method: CaptureMethod
  client_secret: string
  confirmation_method: "automatic"
  created: number
  currency: string
  customer: string | null
  description: string | null
  last_payment_error: PaymentError | null
  latest_charge: string | null
  livemode: false
  metadata: Metadata
  next_action: NextAction | null
  on_behalf_of: null
  payment_method: string | null
  payment_method_options: Record<string, unknown>
  payment_method_types: string[]
  processing: null
  receipt_email: string | null
  review: null
  setup_future_usage: string | null
  shipping: null
  source: null
  statement_descriptor: string | null
  statement_descriptor_suffix: string | null
  status: IntentStatus
  transfer_data: null
  transfer_group: string | null
}

export interface BillingDetails {
  address: Record<"city" | "country" | "line1" | "line2" | "postal_code" | "state", string | null>
  email: string | null
  name: string | null
  phone: string | null
}

export interface PaymentMethod {
  id: string
  object: "payment_method"
  allow_redisplay: "unspecified"
  billing_details: BillingDetails
  card: {
    brand: string
    country: "US"
    display_brand: string
    exp_month: number
    exp_year: number
    fingerprint: string
    funding: "credit"
    last4: string
    wallet: null
  }
  created: number
  customer: string | null
  livemode: false
  metadata: Metadata
  type: "card"
}

export interface Charge {
  id: string
  object: "charge"
  amount: number
  amount_captured: number
  /** Also what is let go by a cancellation or a capture of less. */
  amount_refunded: number
  balance_transaction: null
  billing_details: BillingDetails
  captured: boolean
  created: number
  currency: string
  customer: string | null
  description: string | null
  disputed: false
  failure_code: string | null
  failure_message: string | null
  livemode: false
  metadata: Metadata
  outcome: {
    network_status: "approved_by_network" | "declined_by_network"
    reason: string | null
    risk_level: "normal"
    seller_message: string
    type: "authorized" | "issuer_declined"
  }
  paid: boolean
  payment_intent: string
  payment_method: string
  payment_method_details: { card: PaymentMethod["card"]; type: "card" }
  receipt_email: string | null
  refunded: boolean
  status: "succeeded" | "failed"
}

export interface Refund {
  id: string
  object: "refund"
  amount: number
  balance_transaction: null
  charge: string
  created: number
  currency: string
  destination_details: { card: { type: "refund" }; type: "card" }
  metadata: Metadata
  payment_intent: string
  reason: string | null
  receipt_number: null
  status: "succeeded"
}

export interface Customer {
  id: string
  object: "customer"
  address: BillingDetails["address"] | null
  balance: 0
  created: number
  currency: null
  default_source: null
  delinquent: false
  description: string | null
  email: string | null
  invoice_settings: { default_payment_method: string | null }
  livemode: false
  metadata: Metadata
  name: string | null
  phone: string | null
  shipping: null
  tax_exempt: "none"
}

export interface SetupIntent {
  id: string
  object: "setup_intent"
  client_secret: string
  created: number
  customer: string | null
  description: string | null
  last_setup_error: PaymentError | null
  livemode: false
  metadata: Metadata
  next_action: NextAction | null
  payment_method: string | null
  payment_method_types: string[]
  status: "requires_payment_method" | "requires_confirmation" | "requires_action" | "succeeded"
  usage: string
}

/** What has happened, with the object as it was at that moment. */
export interface StripeEvent {
  id: string
  object: "event"
  api_version: string
  created: number
  data: { object: PaymentIntent | Charge | Refund; previous_attributes?: Record<string, unknown> }
  livemode: false
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: string
}
