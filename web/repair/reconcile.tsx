import { useSignal } from '@preact/signals';
import { run } from '../api';
import { Action } from '../parts/action';

interface Report {
  readonly holds: { readonly released: string[]; readonly overdue: string[] };
  readonly payments: { readonly orderId: string; readonly finding: string }[];
  readonly streams: { readonly compared: number; readonly republished: string[] };
  readonly discrepancies: { readonly orderId: string; readonly kind: string }[];
}

/** It takes longer than a request. */
interface UnderWay {
  readonly workflowId: string;
}

/** Compares everything now, and repairs what is safe. */
export function Reconcile() {
  const report = useSignal<Report | UnderWay | undefined>(undefined);
  return (
    <>
      <p>
        Orders, holds, the provider's payments, the journal and the streams are compared each
        minute. Here it is done now: what is safe is repaired, the rest is told.
      </p>
      <Action
        kind="main"
        onClick={async () => (report.value = await run<Report | UnderWay>('reconcile'))}
      >
        Compare and repair now
      </Action>
      {report.value && 'workflowId' in report.value && (
        <p role="status">It is under way: ask again for its report.</p>
      )}
      {report.value && 'holds' in report.value && <Found report={report.value} />}
    </>
  );
}

function Found({ report }: { readonly report: Report }) {
  const { holds, payments, streams, discrepancies } = report;
  return (
    <section role="status">
      <h2>Found</h2>
      <ul class="plain">
        <li>
          Holds: {holds.released.length} released, {holds.overdue.length} overdue
        </li>
        <li>Payments compared with the provider: {payments.length}</li>
        {payments.map(({ orderId, finding }) => (
          <li key={orderId}>
            <a href={`#/orders/${orderId}`}>{orderId}</a>: {finding}
          </li>
        ))}
        <li>
          Events: {streams.compared} compared, {streams.republished.length} published again
        </li>
        <li>For a person: {discrepancies.length === 0 ? 'nothing' : discrepancies.length}</li>
        {discrepancies.map(({ orderId, kind }) => (
          <li key={`${orderId} ${kind}`}>
            <a href={`#/orders/${orderId}`}>{orderId}</a>: {kind}
          </li>
        ))}
      </ul>
    </section>
  );
}
