import { pivot, retriable } from './step';

// The steps by which a confirmed order is called off, in their order.

export const stopShipment = pivot('stop shipment', 'stopShipment');
export const giveMoneyBack = retriable('give the money back', 'giveMoneyBack');
export const publishPaymentRefunded = retriable('publish PaymentRefunded', 'publishEvent');
export const returnStock = retriable('return stock', 'returnStock');
export const cancelOrder = retriable('cancel order', 'cancelOrder');
export const publishOrderCancelled = retriable('publish OrderCancelled', 'publishEvent');
