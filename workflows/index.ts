export { cancelOrderSaga } from './cancel-order-saga';
export { orderSaga } from './order-saga';
export { reconciliation } from './reconciliation';
