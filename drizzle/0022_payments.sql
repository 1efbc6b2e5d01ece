CREATE TABLE "mostrador"."payment_repair" (
	"id" text PRIMARY KEY NOT NULL,
	"payment_intent_id" text NOT NULL,
	"payment_session_id" text NOT NULL,
	"cart_id" text,
	"amount" numeric NOT NULL,
	"currency_code" text NOT NULL,
	"reason" text NOT NULL,
	"message" text NOT NULL,
	"action" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"done_at" timestamp with time zone,
	CONSTRAINT "payment_repair_payment_intent_id_unique" UNIQUE("payment_intent_id")
);
--> statement-breakpoint
CREATE TABLE "mostrador"."stripe_asked" (
	"is_one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"taken_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mostrador"."stripe_event" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"payment_intent_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp with time zone,
	"outcome" text,
	"told_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "payment_repair_created_at_index" ON "mostrador"."payment_repair" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "stripe_event_unsettled_index" ON "mostrador"."stripe_event" USING btree ("received_at") WHERE settled_at is null;--> statement-breakpoint
CREATE INDEX "stripe_event_payment_intent_id_index" ON "mostrador"."stripe_event" USING btree ("payment_intent_id");