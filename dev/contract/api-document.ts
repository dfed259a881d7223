import { openApiOf } from '../../api/contract/openapi';
import { createOperations } from '../../api/operations';
import type { OperationDependencies } from '../../api/operations';

/** The API's OpenAPI document, without anything that it would need to answer. */
export function apiDocument() {
  const targetPolicy = { isLoopbackAllowed: false };
  // Declaring an operation touches nothing else of what its handler uses.
  const dependencies = { targetPolicy } as Partial<OperationDependencies> as OperationDependencies;
  return openApiOf(createOperations(dependencies));
}
