import type { ISql, TransactionSql } from "postgres"
import { inIso, type OrderLine } from "../orders/index.ts"

/** What completing a cart hangs on beside the cart itself, and is in no memory. */
export interface Checkout {
  /** The order that the cart has become already. */
  order_id: string | null
  /** Payment providers of the cart's region. */
  provider_ids: string[]
  /** Whether something was paid of its collection already. */
  is_paid: boolean
  /** What its variants are made of. */
  inventory_item_ids: string[]
  /** The variants of its lines; those that are deleted, or whose product is, are not there. */
  variants: CheckoutVariant[]
}

export interface CheckoutVariant {
  id: string
  shipping_profile_id: string | null
  /** With its product: all columns of both. */
  row: NonNullable<OrderLine["variant"]>
}

/** Ids of the payment providers of a cart's region. */
export const providersOf = (sql: ISql, cartId: string) => sql`
  array(
    select provider.id from region_payment_provider link
    join payment_provider provider on provider.id = link.payment_provider_id and provider.deleted_at is null
    where link.region_id = (select region_id from cart where id = ${cartId}) and link.deleted_at is null)`

/** Reads it in one statement, to be sent with the cart's. */
export async function readCheckout(tx: TransactionSql, cartId: string): Promise<Checkout> {
  const [row] = await tx<Checkout[]>`
    select
      (select order_id from order_cart where cart_id = ${cartId} and deleted_at is null limit 1) as order_id,
      ${providersOf(tx, cartId)} as provider_ids,
      exists (
        select from payment join cart_payment_collection link using (payment_collection_id)
        where link.cart_id = ${cartId} and link.deleted_at is null and payment.deleted_at is null) as is_paid,
      array(
        select distinct inventory_item_id from product_variant_inventory_item
        where deleted_at is null
          and variant_id in (select variant_id from cart_line_item where cart_id = ${cartId} and deleted_at is null)
      ) as inventory_item_ids,
      coalesce((
        select json_agg(json_build_object('id', variant.id,
          'row', to_jsonb(variant) || jsonb_build_object('product', product),
          'shipping_profile_id', (
            select profile.id from product_shipping_profile link
            join shipping_profile profile on profile.id = link.shipping_profile_id and profile.deleted_at is null
            where link.product_id = product.id and link.deleted_at is null limit 1)))
        from product_variant variant
        join product on product.id = variant.product_id and product.deleted_at is null
        where variant.deleted_at is null
          and variant.id in (select variant_id from cart_line_item where cart_id = ${cartId} and deleted_at is null)
      ), '[]') as variants`
  if (!row) throw new Error("A statement without a table has one row")
  for (const { row: variant } of row.variants) for (const it of [variant, variant.product]) inIso(it)
  return row
}
