export { type Demo, demoFile, NoDemo, readDemo } from "./demo.ts"
export { CUSTOMERS } from "./people.ts"
