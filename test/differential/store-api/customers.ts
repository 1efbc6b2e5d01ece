import { register } from "./logins.ts"
import type { Flow } from "./step.ts"

const HOME = {
  address_name: "Casa",
  first_name: "Pilar",
  last_name: "Ruiz",
  address_1: "Calle del Pez 9",
  postal_code: "28004",
  city: "Madrid",
  country_code: "es",
}

const profile: Flow = {
  name: "a customer keeps his profile",
  steps: [
    ...register("$email", "customer"),
    { route: "POST /store/customers", as: "customer", body: { email: "$email" }, status: 400 },
    { route: "POST /store/customers", body: { email: "$email" }, status: 401 },
    { route: "GET /store/customers/me", as: "customer" },
    { route: "GET /store/customers/me", status: 401 },
    {
      route: "POST /store/customers/me",
      as: "customer",
      body: { company_name: "Ruiz e Hijas", metadata: { vip: true } },
    },
    { route: "POST /store/customers/me", as: "customer", body: { email: "not@his.example" }, status: 400 },
    { route: "GET /store/customers/me", as: "customer", query: "fields=first_name,metadata,-email" },
  ],
}

const addresses: Flow = {
  name: "a customer keeps his addresses",
  steps: [
    ...register("$email", "customer"),
    {
      route: "POST /store/customers/me/addresses",
      as: "customer",
      body: { ...HOME, is_default_shipping: true },
      keep: { address: "customer.addresses.0.id" },
    },
    { route: "POST /store/customers/me/addresses", as: "customer", body: { country_code: 34 }, status: 400 },
    { route: "GET /store/customers/me/addresses", as: "customer", query: "country_code=es" },
    { route: "GET /store/customers/me/addresses", status: 401 },
    { route: "GET /store/customers/me/addresses/:address_id", params: { address_id: "$address" }, as: "customer" },
    {
      route: "GET /store/customers/me/addresses/:address_id",
      params: { address_id: "cuaddr_unknown" },
      as: "customer",
      status: 404,
    },
    {
      route: "POST /store/customers/me/addresses/:address_id",
      params: { address_id: "$address" },
      as: "customer",
      body: { city: "Getafe", is_default_billing: true },
    },
    {
      route: "POST /store/customers/me/addresses/:address_id",
      params: { address_id: "cuaddr_unknown" },
      as: "customer",
      body: { city: "Getafe" },
      status: 404,
    },
    { route: "DELETE /store/customers/me/addresses/:address_id", params: { address_id: "$address" }, as: "customer" },
    {
      route: "DELETE /store/customers/me/addresses/:address_id",
      params: { address_id: "$address" },
      as: "customer",
      status: 404,
    },
    { route: "GET /store/customers/me", as: "customer" },
  ],
}

export const CUSTOMERS: Flow[] = [profile, addresses]
