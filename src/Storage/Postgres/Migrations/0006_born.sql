-- The generation of erasures in which a customer's row was made: what was decided in one before it is of somebody who was erased.
ALTER TABLE customer ADD COLUMN born bigint NOT NULL DEFAULT 0;
