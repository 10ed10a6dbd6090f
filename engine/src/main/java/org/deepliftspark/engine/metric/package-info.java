/**
 * How good attributions are, by measures of the papers that compare methods: what happens to the
 * prediction when positions are taken away in the order or amount that the attributions say. All
 * measures are functions of one row, its attributions and the network's predictions; nothing here
 * knows a method.
 */
package org.deepliftspark.engine.metric;
