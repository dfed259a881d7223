import { always } from './step';

// The steps by which a confirmed order is called off, in their order.

export const stopShipment = always('stop shipment', 'stopShipment');
export const giveMoneyBack = always('give the money back', 'giveMoneyBack');
export const returnStock = always('return stock', 'returnStock');
export const cancelOrder = always('cancel order', 'cancelOrder');
export const publishOrderCancelled = always('publish OrderCancelled', 'publishEvent');
