/** A condition of a promotion: what the cart, or a line of it, must have at `attribute`. */
export interface PromotionRule {
  readonly attribute: string
  /** `eq`, `in`, `ne`, `gt`, `gte`, `lt` or `lte`. */
  readonly operator: string
  readonly values: readonly { readonly value: string }[]
}

/** A row of `promotion_application_method`: what is taken off what. */
export interface ApplicationMethod {
  /** `percentage` or `fixed`. */
  readonly type: string
  /** `order`, `items` or `shipping_methods`. */
  readonly target_type: string
  /** `each`, `across` or `once`. */
  readonly allocation: string | null
  /** Percent, or an amount in the major unit. */
  readonly value: number | null
  readonly currency_code: string | null
  readonly max_quantity: number | null
  readonly apply_to_quantity: number | null
  readonly buy_rules_min_quantity: number | null
  readonly target_rules: readonly PromotionRule[]
  readonly buy_rules: readonly PromotionRule[]
}

/** A row of `promotion_campaign_budget`. */
export interface CampaignBudget {
  readonly id: string
  /** `spend`, `usage`, `spend_by_attribute` or `use_by_attribute`. */
  readonly type: string
  /** Whose uses are counted: `customer_id` or `customer_email`. */
  readonly attribute: string | null
  /** In the major unit, or uses; 0 and null are no limit. */
  readonly limit: number | null
  readonly used: number | null
}

/**
 * A promotion that is not deleted, of any status, in the shape in which Medusa's own code reads it. Numbers are the
 * doubles that Medusa's entities have. Never written to: every computation shares it.
 */
export interface Promotion {
  readonly id: string
  readonly code: string
  /** `standard` or `buyget`. */
  readonly type: string
  /** `draft`, `active` or `inactive`. */
  readonly status: string
  readonly is_automatic: boolean
  readonly is_tax_inclusive: boolean
  /** How often it may be used; 0 is a limit, null is none. */
  readonly limit: number | null
  readonly used: number
  readonly rules: readonly PromotionRule[]
  readonly application_method: ApplicationMethod | null
  /**
   * Null without a campaign, and with a deleted one: then it lives on without dates and budget, as in Medusa. Times are
   * milliseconds since 1970; it has begun at `starts_at`, and at `ends_at` it is over.
   */
  readonly campaign: {
    readonly starts_at: number | null
    readonly ends_at: number | null
    readonly budget: CampaignBudget | null
  } | null
  /** One of its rules, or a value of one, is soft-deleted: Medusa itself never does that, and half counts it. */
  readonly has_deleted_rules: boolean
}

/** All rules that must be possible for an automatic promotion to be looked at. */
export function rulesOf({ rules, application_method }: Promotion): PromotionRule[] {
  return [...rules, ...(application_method?.target_rules ?? []), ...(application_method?.buy_rules ?? [])]
}
