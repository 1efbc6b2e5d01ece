export { createPassthrough, isEmpty, type PassedOn, type Passthrough } from "./passthrough.ts"
