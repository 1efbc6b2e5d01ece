import { z } from "@hono/zod-openapi"

/** A point on the earth, in degrees. */
export interface Coordinates {
  latitude: number
  longitude: number
}

const degrees = (most: number) =>
  z.preprocess(
    // The dashboard's metadata editor writes texts.
    (it) => (typeof it === "string" && it.trim() !== "" ? Number(it) : it),
    z.number().min(-most).max(most),
  )
export const OpeningHours = z.array(
  z.object({
    day: z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
    opens: z.string().openapi({ example: "10:00" }),
    closes: z.string().openapi({ example: "21:00" }),
  }),
)

/** What a merchant writes of a shop into its stock location's metadata; what cannot be read is not there. */
export function placeOf(metadata: Record<string, unknown> | null) {
  const read = <T>(schema: z.ZodType<T>, key: string): T | null => {
    const parsed = schema.safeParse(metadata?.[key])
    return parsed.success ? parsed.data : null
  }
  const latitude = read(degrees(90), "latitude")
  const longitude = read(degrees(180), "longitude")
  const hours = metadata?.opening_hours
  return {
    coordinates: latitude === null || longitude === null ? null : { latitude, longitude },
    timezone: read(z.string(), "timezone"),
    phone: read(z.string(), "phone"),
    opening_hours: typeof hours === "string" ? hoursOfText(hours) : read(OpeningHours, "opening_hours"),
  }
}

function hoursOfText(text: string): z.infer<typeof OpeningHours> | null {
  try {
    return OpeningHours.safeParse(JSON.parse(text)).data ?? null
  } catch {
    // Words for people: not for a device to compute with.
    return null
  }
}

const EARTH_KM = 6371.0088

/** As the crow flies (haversine), in kilometres. */
export function distanceKm(from: Coordinates, to: Coordinates): number {
  const radians = (angle: number) => (angle * Math.PI) / 180
  const rise = Math.sin(radians(to.latitude - from.latitude) / 2) ** 2
  const turn = Math.sin(radians(to.longitude - from.longitude) / 2) ** 2
  const chord = rise + Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * turn
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(chord)))
}
