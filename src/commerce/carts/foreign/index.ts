export { tellForeign, tellForeignChanges } from "./foreign.ts"
