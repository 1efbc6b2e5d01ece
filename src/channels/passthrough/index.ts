export { createPassthrough, isEmpty, type MedusaAnswer, type PassedOn, type Passthrough } from "./passthrough.ts"
