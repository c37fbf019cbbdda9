DROP TABLE mail_holds;
DROP TABLE instances;
DROP TABLE bounce_boxes;
