import type { Sql } from "postgres"
import { type ChangeFeed, keepInMemory } from "../../platform/changes/index.ts"
import { type ChannelRow, type ShippingOptionRow, type ShippingReference, shippingReference } from "./reference.ts"

/** The shop's ways of shipping, out of memory. */
export interface Shipping {
  /** As of the feed's last reading; another object after each change. */
  readonly reference: ShippingReference
}

const RELATIONS = [
  ...["shipping_option", "shipping_option_rule", "shipping_option_type", "shipping_option_price_set"],
  ...["service_zone", "geo_zone", "fulfillment_set", "fulfillment_provider", "location_fulfillment_set"],
  ...["sales_channel", "sales_channel_stock_location", "stock_location", "stock_location_address"],
  ...["price_set", "price", "price_rule"],
]

/** Loads the shipping options with all that they hang on, and follows their changes. */
export async function loadShipping(sql: Sql, feed: ChangeFeed): Promise<Shipping> {
  const held = await keepInMemory(feed, RELATIONS, () => readReference(sql))
  return {
    get reference() {
      return held.value
    },
  }
}

async function readReference(sql: Sql): Promise<ShippingReference> {
  return shippingReference(await readOptions(sql), await readChannels(sql))
}

/** In one statement, so that no option is seen with what it had before. Prices as they were written, as in `prepare`. */
function readOptions(sql: Sql): Promise<ShippingOptionRow[]> {
  return sql<ShippingOptionRow[]>`
    select option.id, option.name, option.price_type, option.service_zone_id, option.shipping_profile_id,
      option.provider_id, option.shipping_option_type_id, option.data, option.metadata,
      (select json_build_object('id', type.id, 'label', type.label, 'description', type.description, 'code', type.code)
        from shipping_option_type type
        where type.id = option.shipping_option_type_id and type.deleted_at is null) as type,
      (select json_build_object('id', provider.id, 'is_enabled', provider.is_enabled)
        from fulfillment_provider provider
        where provider.id = option.provider_id and provider.deleted_at is null) as provider,
      coalesce((select json_agg(json_build_object(
          'attribute', rule.attribute, 'value', rule.value, 'operator', rule.operator) order by rule.ctid)
        from shipping_option_rule rule
        where rule.shipping_option_id = option.id and rule.deleted_at is null), '[]') as rules,
      case when sets.id is not null then json_build_object(
        'fulfillment_set_id', sets.id,
        'fulfillment_set_type', sets.type,
        'geo_zones', coalesce((select json_agg(json_build_object('type', geo.type, 'country_code', geo.country_code,
            'province_code', geo.province_code, 'city', geo.city, 'postal_expression', geo.postal_expression))
          from geo_zone geo where geo.service_zone_id = zone.id and geo.deleted_at is null), '[]'),
        'locations', coalesce((select json_agg(case when location.id is not null then json_build_object(
            'id', location.id,
            'has_address', location.address_id is not null,
            'address', case when address.id is not null then json_build_object('id', address.id,
              'address_1', address.address_1, 'address_2', address.address_2, 'company', address.company,
              'city', address.city, 'country_code', address.country_code, 'phone', address.phone,
              'province', address.province, 'postal_code', address.postal_code, 'metadata', address.metadata,
              'created_at', mostrador.iso(address.created_at), 'updated_at', mostrador.iso(address.updated_at),
              'deleted_at', null) end) end)
          from location_fulfillment_set link
          left join stock_location location on location.id = link.stock_location_id and location.deleted_at is null
          left join stock_location_address address on address.id = location.address_id and address.deleted_at is null
          where link.fulfillment_set_id = sets.id and link.deleted_at is null), '[]')) end as zone,
      coalesce((select json_agg(json_build_object(
          'id', link.price_set_id,
          'prices', case when priced.id is not null then coalesce((select json_agg(json_build_object(
              'id', price.id, 'title', price.title, 'currency_code', price.currency_code, 'amount', price.amount,
              'raw_amount', price.raw_amount, 'min_quantity', price.min_quantity,
              'raw_min_quantity', price.raw_min_quantity, 'max_quantity', price.max_quantity,
              'raw_max_quantity', price.raw_max_quantity, 'rules_count', price.rules_count,
              'price_set_id', price.price_set_id, 'price_list_id', price.price_list_id,
              'created_at', mostrador.iso(price.created_at), 'updated_at', mostrador.iso(price.updated_at),
              'deleted_at', null,
              'rules', coalesce((select json_agg(json_build_object('id', rule.id, 'attribute', rule.attribute,
                  'value', rule.value, 'operator', rule.operator, 'priority', rule.priority,
                  'price_id', rule.price_id, 'created_at', mostrador.iso(rule.created_at),
                  'updated_at', mostrador.iso(rule.updated_at), 'deleted_at', null) order by rule.ctid)
                from price_rule rule where rule.price_id = price.id and rule.deleted_at is null), '[]')
            ) order by price.ctid)
            from price where price.price_set_id = priced.id and price.deleted_at is null), '[]') end))
        from shipping_option_price_set link
        left join price_set priced on priced.id = link.price_set_id and priced.deleted_at is null
        where link.shipping_option_id = option.id and link.deleted_at is null), '[]') as price_sets
    from shipping_option option
    left join service_zone zone on zone.id = option.service_zone_id and zone.deleted_at is null
    left join fulfillment_set sets on sets.id = zone.fulfillment_set_id and sets.deleted_at is null
    where option.deleted_at is null
    order by option.id`
}

function readChannels(sql: Sql): Promise<ChannelRow[]> {
  return sql<ChannelRow[]>`
    select channel.id as sales_channel_id,
      array(select distinct placed.fulfillment_set_id
        from sales_channel_stock_location sells
        join stock_location location on location.id = sells.stock_location_id and location.deleted_at is null
        join location_fulfillment_set placed on placed.stock_location_id = location.id and placed.deleted_at is null
        where sells.sales_channel_id = channel.id and sells.deleted_at is null) as fulfillment_set_ids
    from sales_channel channel where channel.deleted_at is null`
}
