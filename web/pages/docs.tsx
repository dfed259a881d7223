import { room } from '../room';

/** Where it is all written down. */
export function Docs() {
  const temporalUi = room.value?.temporalUi;
  return (
    <>
      <h1>Docs</h1>
      <ul class="cards">
        <Entry
          href="/docs/guide"
          title="The guide"
          about="One order through the code, what holds, how to add to it, how to run it."
        />
        <Entry href="/docs" title="The API" about="Read the OpenAPI document, and try it." />
        <Entry href="/openapi.json" title="OpenAPI 3.1" about="The same for programs." />
        <Entry
          href="/docs/events"
          title="The events"
          about="What the streams say: every event, its fields, an example."
        />
        <Entry
          href="/asyncapi.json"
          title="AsyncAPI 3"
          about="The same for programs, and for code generators."
        />
        {temporalUi && (
          <Entry href={temporalUi} title="Temporal Web UI" about="Every saga, step by step." />
        )}
      </ul>
    </>
  );
}

function Entry(props: { readonly href: string; readonly title: string; readonly about: string }) {
  return (
    <li class="card">
      <h2>
        <a href={props.href} target="_blank" rel="noreferrer">
          {props.title}
        </a>
      </h2>
      <p>{props.about}</p>
    </li>
  );
}
