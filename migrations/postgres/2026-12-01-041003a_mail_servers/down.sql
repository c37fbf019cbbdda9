DROP TABLE mail_servers;
