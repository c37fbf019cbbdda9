DROP TABLE corrected_addresses;
