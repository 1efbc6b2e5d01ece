import type { z } from "@hono/zod-openapi"
import type { ClientErrorStatusCode, ServerErrorStatusCode } from "hono/utils/http-status"
import type { DocumentedRoute, RoutesOf } from "./document.ts"
import type { ErrorBody } from "./errors.ts"
import type { ChangeLane } from "./store/carts/index.ts"
import type { Lane } from "./store/lane.ts"
import type { OwnRoute } from "./store/own.ts"
import type { OwnAction } from "./store/own-action.ts"

/**
 * Routes as Hono's typed client knows them. Nothing is said here that a route does not say itself: its path, method and
 * schemas are followed into Hono's `Schema`.
 */
export type SchemaOf<Route> = Together<Route extends unknown ? SchemaOfOne<Route> : never>

type SchemaOfOne<Route> =
  Route extends Lane<infer Query, infer Path, infer Answer>
    ? Endpoint<"get", Path, InQuery<z.input<Query>>, Json<Answer>>
    : Route extends ChangeLane<infer Body, infer Method, infer Path, infer Answer>
      ? Endpoint<Method, Path, InQuery<{ fields?: string }> & InBody<Body>, Json<Answer>>
      : Route extends OwnRoute<infer Query, infer Path, infer Content>
        ? Endpoint<"get", Path, InQuery<z.input<Query>>, AnswerOf<Content>>
        : Route extends OwnAction<infer Path, infer Query, infer Body, infer Content>
          ? Endpoint<"post", Path, InQuery<z.input<Query>> & InBody<z.input<Body>>, AnswerOf<Content>>
          : Route extends RoutesOf<infer Path, infer Routes>
            ? SchemaInRoom<Path, Routes[number]>
            : Route extends Described<infer Method, infer Path, infer Content>
              ? Endpoint<Method, Path, QueryOf<Route> & BodyOf<Route>, AnswerOf<Content> | OthersOf<Route>>
              : never

type SchemaInRoom<Path extends string, Route> = Route extends DocumentedRoute
  ? Endpoint<
      Route["method"],
      `${Path}${Route["path"]}`,
      (Route extends { query: infer Query extends z.ZodType } ? InQuery<z.input<Query>> : unknown) &
        (Route extends { body: infer Body extends z.ZodType } ? InBody<z.input<Body>> : unknown),
      AnswerInRoom<Route["answer"]>
    >
  : never

type AnswerInRoom<Given extends DocumentedRoute["answer"]> = Given extends { media: string }
  ? Answer<string, "text">
  : Json<Given["schema"], Given extends { status: infer Status } ? Status : 200>

/** What `createRoute` makes. */
interface Described<Method extends string, Path extends string, Content> {
  method: Method
  path: Path
  responses: { 200: { content: Content } }
}

/** What it says beside that, in JSON, where something is not well: `/ready` tells what. */
type OthersOf<Route> = Route extends { responses: { 503: infer Refused } }
  ? Refused extends { content: { "application/json": { schema: infer Schema extends z.ZodType } } }
    ? Json<Schema, 503>
    : never
  : never

type QueryOf<Route> = Route extends { request: { query: infer Query extends z.ZodType } }
  ? InQuery<z.input<Query>>
  : unknown
type BodyOf<Route> = Route extends {
  request: { body: { content: { "application/json": { schema: infer Body extends z.ZodType } } } }
}
  ? InBody<z.input<Body>>
  : unknown

/** Not an interface: only of types TypeScript knows that they have no other keys, which Hono's client asks for. */
type Answer<Output, Format extends string, Status = 200> = { output: Output; outputFormat: Format; status: Status }
type Json<Schema extends z.ZodType, Status = 200> = Answer<z.output<Schema>, "json", Status>
/** Streams and feeds are texts, of which a client reads `body` as it comes. */
type AnswerOf<Content> = Content extends { "application/json": { schema: infer Schema extends z.ZodType } }
  ? Json<Schema>
  : Answer<string, "text">

type InQuery<Query> = Part<"query", Query>
/** Of a route that reads no body nothing is known of it. */
type InBody<Body> = unknown extends Body ? unknown : [Body] extends [undefined] ? unknown : Part<"json", Body>
/** It need not be given when nothing in it must be. */
type Part<Name extends string, Value> =
  Record<string, never> extends Value ? { [name in Name]?: Value } : { [name in Name]: Value }

type InPath<Path extends string> = [Names<Path>] extends [never] ? unknown : { param: Record<Names<Path>, string> }
type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
/** `/store/carts/{id}` as Hono writes it: `/store/carts/:id`. */
type HonoPath<Path extends string> = Path extends `${infer Before}{${infer Name}}${infer After}`
  ? `${Before}:${Name}${HonoPath<After>}`
  : Path

type Endpoint<Method extends string, Path extends string, Input, Well> = {
  [path in HonoPath<Path>]: {
    [method in `$${Method}`]: { input: Flat<InPath<Path> & Input> } & (
      | Well
      | Answer<ErrorBody, "json", ClientErrorStatusCode | ServerErrorStatusCode>
    )
  }
}

type Flat<T> = { [key in keyof T]: T[key] }
type Together<Union> = (Union extends unknown ? (it: Union) => void : never) extends (it: infer All) => void
  ? All
  : never
