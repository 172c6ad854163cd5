/** As whom an application is logged in to a token (PKCS#11 3.2, 5.6.8). */
export type Login = 'none' | 'user' | 'so';
