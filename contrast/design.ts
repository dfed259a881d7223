import type { Kysely } from 'kysely';
import type { OrdersApi } from '../dev/post-order';
import type { System } from '../dev/system';

/** The designs that are compared. */
export type DesignName = 'request-response' | 'choreographed' | 'orchestrated';

/** A product that can be ordered, and how much of it is on the shelf. */
export interface Product {
  readonly sku: string;
  readonly unitPriceMinor: number;
  readonly onHand: number;
}

/** An order as the design itself knows it. */
export interface KnownOrder {
  readonly customerId: string;
  readonly orderId: string;
  readonly status: 'open' | 'confirmed' | 'rejected' | 'failed';
  readonly sku: string;
  readonly quantity: number;
  readonly totalMinor: number;
  /** When its outcome was written down; null while it is open. */
  readonly endedAt: Date | null;
}

/** A change of the design, as a patch of its code and the way it gets into a running system. */
export interface Change {
  /** The file under `contrast/changes/`. */
  readonly patch: string;
  /** The processes that are started anew, and those that are new. */
  readonly restarts: readonly string[];
  readonly starts: readonly string[];
  /** Brings the changed code, which is in `root`, into the system under load. */
  readonly deploy: (system: System, root: string) => Promise<void>;
  /** The orders for which the new part has done its work. */
  readonly covered: (db: Kysely<unknown>) => Promise<ReadonlySet<string>>;
}

/** A place in which one must look to know where an order stands. */
interface Place {
  /** What is there: a table by its full name, a stream, or a log. */
  readonly where: string;
  readonly tells: string;
}

/** One way to place orders, as far as the contrast drives it. */
export interface Design {
  readonly name: DesignName;
  readonly title: string;
  readonly withoutTemporal: boolean;
  /** Its code, for whoever wants to read or count it; files and folders. */
  readonly code: readonly string[];
  /** Makes the tables and fills the shelf. */
  readonly prepare: (system: System, products: readonly Product[]) => Promise<void>;
  /** Starts its processes. */
  readonly start: (system: System) => Promise<void>;
  readonly api: (system: System) => OrdersApi;
  /** The process that goes on with an order in its middle. */
  readonly driver: string;
  /** The process that tells customers. */
  readonly notifier: string;
  readonly startNotifier: (system: System) => Promise<void>;
  /** The table into which the inventory writes what it holds for orders. */
  readonly holdsTable: string;
  readonly orders: (db: Kysely<unknown>) => Promise<KnownOrder[]>;
  /** Units on the shelf that are held for nobody. */
  readonly available: (db: Kysely<unknown>) => Promise<number>;
  /** Sends the design something that it cannot read; says how it took it. */
  readonly poison: (system: System) => Promise<string>;
  readonly changes: { readonly consumer: Change; readonly step: Change };
  readonly places: readonly Place[];
  /** What reads all of them, if anything does. */
  readonly atOnce?: string;
}
