export { type Demo, NoDemo, readDemo } from "./demo.ts"
