/** The channels through which the shop sells, in the order in which they are shown. */
export const CHANNELS = {
  web: "Tienda en línea",
  app: "Aplicación móvil",
  pos: "Cajas de las tiendas",
  phone: "Pedidos por teléfono",
} as const

/** What the counter lets each of them do; see `src/commerce/channels`. */
export const CHANNEL_ACTIVITIES = {
  web: ["browse", "cart", "checkout"],
  app: ["browse", "cart", "checkout"],
  pos: ["browse", "cart", "checkout", "cash"],
  phone: ["browse", "cart", "checkout", "invoice"],
} as const

export type ChannelName = keyof typeof CHANNELS

export interface Region {
  name: string
  country: string
  currency: "eur" | "gbp"
  pricesIncludeTax: boolean
  /** Percent. `reduced` are rates of product types, by the type's value. */
  tax: {
    name: string
    code: string
    rate: number
    reduced: { name: string; code: string; rate: number; types: string[] }[]
  }
}

export const REGIONS = {
  es: {
    name: "España",
    country: "es",
    currency: "eur",
    pricesIncludeTax: true,
    tax: {
      name: "IVA general",
      code: "IVA21",
      rate: 21,
      reduced: [
        { name: "IVA reducido", code: "IVA10", rate: 10, types: ["Alimentación"] },
        { name: "IVA superreducido", code: "IVA4", rate: 4, types: ["Libros"] },
      ],
    },
  },
  fr: {
    name: "Francia",
    country: "fr",
    currency: "eur",
    pricesIncludeTax: true,
    tax: {
      name: "TVA normale",
      code: "TVA20",
      rate: 20,
      reduced: [{ name: "TVA réduite", code: "TVA55", rate: 5.5, types: ["Alimentación", "Libros"] }],
    },
  },
  gb: {
    name: "Reino Unido",
    country: "gb",
    currency: "gbp",
    pricesIncludeTax: false,
    tax: { name: "VAT standard", code: "VAT20", rate: 20, reduced: [] },
  },
} as const satisfies Record<string, Region>

export type RegionName = keyof typeof REGIONS

export interface Place {
  name: string
  address: {
    address_1: string
    postal_code: string
    city: string
    province: string
    country_code: string
    phone?: string
  }
  metadata: {
    latitude: number
    longitude: number
    timezone?: string
    phone?: string
    opening_hours?: { day: string; opens: string; closes: string }[]
  }
}

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
const open = (days: string[], opens: string, closes: string) => days.map((day) => ({ day, opens, closes }))

export const PLACES = {
  madrid: {
    name: "Tienda Madrid",
    address: {
      address_1: "Calle de la Brújula 12",
      postal_code: "28004",
      city: "Madrid",
      province: "Madrid",
      country_code: "es",
      phone: "+34910000101",
    },
    metadata: {
      latitude: 40.42258,
      longitude: -3.69914,
      timezone: "Europe/Madrid",
      phone: "+34910000101",
      opening_hours: [...open([...WEEKDAYS, "sat"], "10:00", "21:00"), ...open(["sun"], "12:00", "20:00")],
    },
  },
  barcelona: {
    name: "Tienda Barcelona",
    address: {
      address_1: "Carrer del Far Blau 27",
      postal_code: "08002",
      city: "Barcelona",
      province: "Barcelona",
      country_code: "es",
      phone: "+34930000102",
    },
    metadata: {
      latitude: 41.38487,
      longitude: 2.17413,
      timezone: "Europe/Madrid",
      phone: "+34930000102",
      opening_hours: open([...WEEKDAYS, "sat"], "10:00", "20:30"),
    },
  },
  valencia: {
    name: "Tienda Valencia",
    address: {
      address_1: "Calle de los Naranjos Viejos 8",
      postal_code: "46002",
      city: "València",
      province: "Valencia",
      country_code: "es",
      phone: "+34960000103",
    },
    metadata: {
      latitude: 39.47012,
      longitude: -0.37681,
      timezone: "Europe/Madrid",
      phone: "+34960000103",
      opening_hours: [
        ...open(WEEKDAYS, "10:00", "14:00"),
        ...open(WEEKDAYS, "17:00", "20:30"),
        ...open(["sat"], "10:00", "21:00"),
      ],
    },
  },
  warehouse: {
    name: "Almacén central",
    address: {
      address_1: "Polígono Las Encinas, nave 7",
      postal_code: "28906",
      city: "Getafe",
      province: "Madrid",
      country_code: "es",
    },
    metadata: { latitude: 40.30571, longitude: -3.69762 },
  },
} as const satisfies Record<string, Place>

export type PlaceName = keyof typeof PLACES

/** A till stands in each. */
export const SHOPS = ["madrid", "barcelona", "valencia"] as const satisfies PlaceName[]

/** How goods reach the customer; Medusa's shipping option types. */
export const SHIPPING_TYPES = {
  standard: { label: "Envío estándar", description: "De 2 a 4 días laborables" },
  express: { label: "Envío exprés", description: "Al día siguiente laborable" },
  pickup: { label: "Recogida en tienda", description: "Gratis, desde 2 horas después del pedido" },
} as const

export type ShippingType = keyof typeof SHIPPING_TYPES

/** What the warehouse asks for sending a parcel to each country, in the currency of its region. */
export const PARCELS: Record<RegionName, { zone: string; standard: number; express: number }> = {
  es: { zone: "Península y Baleares", standard: 4.95, express: 8.95 },
  fr: { zone: "Francia metropolitana", standard: 7.95, express: 14.95 },
  gb: { zone: "Gran Bretaña", standard: 8.5, express: 16.5 },
}
