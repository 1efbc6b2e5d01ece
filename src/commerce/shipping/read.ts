import type { Sql, TransactionSql } from "postgres"
import type { ShippingCart, ShippingShopper } from "./cart.ts"
import type { StockedLine } from "./stock.ts"

/** A cart as the list of its shipping options sees it. */
export interface CartToShip {
  cart: ShippingCart
  shopper: ShippingShopper
  /** Lines of variants whose stock is kept and may run out; no others. */
  lines: StockedLine[]
}

interface Row extends ShippingCart, ShippingShopper {
  lines: StockedLine[]
}

/**
 * Reads a cart, its address, its customer with his groups, and what is left of what its lines are made of, with what is
 * held for the cart itself: in one statement. A completed cart is a cart, too.
 *
 * @returns undefined when there is none
 */
export async function readCartToShip(sql: Sql | TransactionSql, id: string): Promise<CartToShip | undefined> {
  const [row] = await sql<Row[]>`
    select cart.id, cart.sales_channel_id, cart.region_id, cart.currency_code, cart.locale, cart.email,
      cart.customer_id,
      case when address.id is not null then json_build_object('country_code', address.country_code,
        'province', address.province, 'city', address.city, 'postal_code', address.postal_code) end as shipping_address,
      case when customer.id is not null then json_build_object('id', customer.id, 'group_ids', array(
        select its.id from customer_group_customer link
        join customer_group its on its.id = link.customer_group_id and its.deleted_at is null
        where link.customer_id = customer.id and link.deleted_at is null)) end as customer,
      coalesce((select json_agg(json_build_object('quantity', line.quantity, 'parts', (
          select coalesce(json_agg(json_build_object(
            'requires_shipping', item.requires_shipping,
            'left', (select json_object_agg(level.location_id,
                level.stocked_quantity - level.reserved_quantity + coalesce((
                  select sum(held.quantity) from mostrador.stock_hold hold
                  join reservation_item held on held.id = any(hold.reservation_ids) and held.deleted_at is null
                  where hold.cart_id = cart.id and held.inventory_item_id = item.id
                    and held.location_id = level.location_id), 0))
              from inventory_level level
              where level.inventory_item_id = item.id and level.deleted_at is null))), '[]')
          from product_variant_inventory_item link
          left join inventory_item item on item.id = link.inventory_item_id and item.deleted_at is null
          where link.variant_id = variant.id and link.deleted_at is null)))
        from cart_line_item line
        join product_variant variant on variant.id = line.variant_id and variant.deleted_at is null
        where line.cart_id = cart.id and line.deleted_at is null
          and variant.manage_inventory and not variant.allow_backorder), '[]') as lines
    from cart
    left join cart_address address on address.id = cart.shipping_address_id and address.deleted_at is null
    left join customer on customer.id = cart.customer_id and customer.deleted_at is null
    where cart.id = ${id} and cart.deleted_at is null`
  if (!row) return undefined
  const { lines, email, customer_id, customer, ...cart } = row
  return { cart, shopper: { email, customer_id, customer }, lines }
}
