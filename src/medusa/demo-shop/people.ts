import type { SHOPS } from "./places.ts"

/** The admin user of the demo shop; good enough for a laptop, and for nothing else. */
export const ADMIN = {
  email: "admin@mostrador.example",
  password: "demo-1234",
  first_name: "Amalia",
  last_name: "Tordera",
}

/** Who works at the tills and at the telephone. PINs are for tills, passwords for the dashboard and the agent's desk. */
export const STAFF = {
  cashier: {
    ...{ email: "marta.solis@mostrador.example", first_name: "Marta", last_name: "Solís Cabrera" },
    ...{ pin: "4917", password: undefined, shops: ["madrid", "barcelona"] },
  },
  agent: {
    ...{ email: "diego.arenal@mostrador.example", first_name: "Diego", last_name: "Arenal Pons" },
    ...{ pin: undefined, password: "demo-1234", shops: [] },
  },
  supervisor: {
    ...{ email: "elena.torrejon@mostrador.example", first_name: "Elena", last_name: "Torrejón Vila" },
    ...{ pin: "8203", password: "demo-1234", shops: ["madrid", "barcelona", "valencia"] },
  },
} as const satisfies Record<string, Colleague>

interface Colleague {
  email: string
  first_name: string
  last_name: string
  pin: string | undefined
  password: string | undefined
  /** Where he may sign in at a till. */
  shops: readonly (typeof SHOPS)[number][]
}

/** Every customer of the demo shop has this password. */
export const CUSTOMER_PASSWORD = "demo-1234"

export const CLUB = "Club"

export interface Person {
  email: string
  first_name: string
  last_name: string
  phone: string
  group: typeof CLUB | null
  /** Of his card; null: he has none. */
  loyalty_code: string | null
  address: {
    address_1: string
    address_2?: string
    postal_code: string
    city: string
    province?: string
    country_code: string
  }
}

export const CUSTOMERS: Person[] = [
  {
    email: "lucia.ferran@cliente.example",
    first_name: "Lucía",
    last_name: "Ferrán Olmedo",
    phone: "+34600100201",
    group: CLUB,
    loyalty_code: "CLUB-0001",
    address: {
      address_1: "Calle del Almendro Alto 14",
      address_2: "3.º B",
      postal_code: "28005",
      city: "Madrid",
      province: "Madrid",
      country_code: "es",
    },
  },
  {
    email: "oriol.casamar@cliente.example",
    first_name: "Oriol",
    last_name: "Casamar Pujades",
    phone: "+34600100202",
    group: CLUB,
    loyalty_code: "CLUB-0002",
    address: {
      address_1: "Carrer de la Marinada 52",
      address_2: "àtic 1a",
      postal_code: "08012",
      city: "Barcelona",
      province: "Barcelona",
      country_code: "es",
    },
  },
  {
    email: "nerea.valdeolmos@cliente.example",
    first_name: "Nerea",
    last_name: "Valdeolmos Ruano",
    phone: "+34600100203",
    group: null,
    loyalty_code: null,
    address: {
      address_1: "Calle de la Acequia Mayor 7",
      postal_code: "46003",
      city: "València",
      province: "Valencia",
      country_code: "es",
    },
  },
  {
    email: "tomas.arrieta@cliente.example",
    first_name: "Tomás",
    last_name: "Arrieta Solana",
    phone: "+34600100204",
    group: null,
    loyalty_code: null,
    address: {
      address_1: "Paseo de los Tilos 31",
      address_2: "1.º izq.",
      postal_code: "48009",
      city: "Bilbao",
      province: "Bizkaia",
      country_code: "es",
    },
  },
  {
    email: "ines.monteclaro@cliente.example",
    first_name: "Inés",
    last_name: "Monteclaro Vidal",
    phone: "+34600100205",
    group: null,
    loyalty_code: null,
    address: {
      address_1: "18 rue des Glycines",
      postal_code: "31000",
      city: "Toulouse",
      country_code: "fr",
    },
  },
  {
    email: "bruno.sanjuan@cliente.example",
    first_name: "Bruno",
    last_name: "Sanjuán Ledesma",
    phone: "+34600100206",
    group: null,
    loyalty_code: null,
    address: {
      address_1: "9 Heron Lane",
      postal_code: "BS1 4QT",
      city: "Bristol",
      country_code: "gb",
    },
  },
]
