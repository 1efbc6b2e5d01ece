export { type FoundCustomer, findCustomers, type Wanted } from "./find.ts"
export { numberOf } from "./phones.ts"
