import { z } from "@hono/zod-openapi"
import { type LocationStock, offered, readLocations } from "../../../commerce/inventory/index.ts"
import type { Services } from "../../counter.ts"
import { WireError } from "../../errors.ts"
import { wrongParameter } from "../../parameters.ts"
import { answer } from "../lane.ts"
import { channelsOf, ownRoute, salesChannelParameter } from "../own.ts"
import { documentsOf, type VariantRow } from "./documents.ts"
import { type Coordinates, distanceKm, OpeningHours, placeOf } from "./place.ts"

const coordinate = (most: number) =>
  z
    .string()
    .regex(/^[+-]?\d{1,3}(\.\d{1,20})?$/, "must be degrees, as in 40.4226")
    .transform(Number)
    .refine((it) => Math.abs(it) <= most, `must be between -${most} and ${most}`)
    .optional()

const Location = z.object({
  id: z.string(),
  name: z.string().openapi({ example: "Tienda Madrid" }),
  address: z.looseObject({ address_1: z.string(), city: z.string().nullable(), country_code: z.string() }).nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  distance_km: z.number().nullable().optional().openapi({ description: "As the crow flies; with `lat` and `lng`." }),
  timezone: z.string().nullable(),
  phone: z.string().nullable(),
  opening_hours: OpeningHours.nullable(),
  available: z.number().int().nullable(),
})
const Availability = z
  .object({
    variant_id: z.string(),
    manage_inventory: z.boolean(),
    allow_backorder: z.boolean(),
    total: z.number().int().nullable().openapi({
      description: "What the channel can sell; null when it is not counted. Of a kit, parts may come from several.",
    }),
    locations: z.array(Location),
  })
  .openapi("StoreVariantAvailability")

export const variantAvailability = ({ catalog, database: { sql } }: Services) =>
  ownRoute({
    path: "/store/variants/{id}/availability",
    summary: "Where a variant can be had",
    description:
      "For the sales channel, and at each of its stock locations, less what is reserved and less the safety stock that a location keeps back. By distance when `lat` and `lng` are given, else by name.",
    params: z.object({ id: z.string().openapi({ example: "variant_01M7ZRVFH8HMMAP027Z42YKK0G" }) }),
    query: z.object({
      lat: coordinate(90).openapi({ example: "40.4226" }),
      lng: coordinate(180).openapi({ example: "-3.6991" }),
      sales_channel_id: salesChannelParameter,
    }),
    answer: {
      description: "Its availability now.",
      content: { "application/json": { schema: z.object({ availability: Availability }) } },
    },
    errors: { 404: "There is no such variant, or its product is not published in the key's sales channels." },
    async handle(c, { lat, lng, sales_channel_id }) {
      if ((lat === undefined) !== (lng === undefined))
        throw wrongParameter(lat === undefined ? "lat" : "lng", "is missing")
      const [channel, ...others] = channelsOf(c, sales_channel_id)
      if (others.length > 0)
        throw wrongParameter("sales_channel_id", "the publishable key opens several: name one of them")
      const id = c.req.param("id") ?? ""
      const notFound = () => new WireError(404, "not_found", `Product variant with id: ${id} was not found`)
      if (channel === undefined) throw notFound()
      const rows = await sql<VariantRow[]>`
        select variant.id, product_id from product_variant variant
        join product on product.id = product_id and product.deleted_at is null
        where variant.id = ${id} and variant.deleted_at is null`
      const [found] = await documentsOf(catalog, rows)
      if (!found?.document.visible_in.includes(channel)) throw notFound()

      const { document, variant } = found
      const needs = document.stock[id]?.items ?? []
      const locations = await readLocations(sql, id, needs, channel)
      const counted = variant.manage_inventory ? offered(needs, locations) : null
      const from = lat === undefined || lng === undefined ? undefined : { latitude: lat, longitude: lng }
      const shown = locations.map((it) => showLocation(it, counted?.at.get(it.id) ?? null, from))
      if (from) shown.sort((a, b) => (a.distance_km ?? Infinity) - (b.distance_km ?? Infinity))
      const { manage_inventory, allow_backorder } = variant
      c.header("Cache-Control", "private, no-cache")
      return answer(c, {
        availability: {
          ...{ variant_id: id, manage_inventory, allow_backorder, total: counted?.total ?? null },
          locations: shown,
        },
      })
    },
  })

function showLocation(
  { id, name, address, metadata }: LocationStock,
  available: number | null,
  from: Coordinates | undefined,
): z.infer<typeof Location> {
  const { coordinates, timezone, phone, opening_hours } = placeOf(metadata)
  const distance = from && (coordinates ? Math.round(distanceKm(from, coordinates) * 100) / 100 : null)
  return {
    ...{ id, name, address: address && { ...address } },
    latitude: coordinates?.latitude ?? null,
    longitude: coordinates?.longitude ?? null,
    ...(distance === undefined ? {} : { distance_km: distance }),
    ...{ timezone, phone: phone ?? address?.phone ?? null, opening_hours, available },
  }
}
